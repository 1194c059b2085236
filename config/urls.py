"""Every address of the site. Taking an app out is one line here and one in settings."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("community.accounts.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("groups.urls")),
    path("", include("community.urls")),
]
if settings.ADMIN_URL:
    # Operators sign in as everybody does: with limits to trying, and with their second factor.
    admin.site.login = secure_admin_login(admin.site.login)
    admin.site.has_permission = lambda request: (
        request.user.is_active and request.user.has_perm("community")
    )
    urlpatterns.insert(0, path(settings.ADMIN_URL, admin.site.urls))

handler500 = "community.views.errors.server_error"
