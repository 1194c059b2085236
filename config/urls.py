"""Every address of the site. Taking an app out is one line here and one in settings."""

from django.conf import settings
from django.urls import include, path

from community.admin import site

urlpatterns = [
    path("accounts/", include("community.accounts.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("groups.urls")),
    path("", include("leadership.urls")),
    path("", include("community.urls")),
]
if settings.ADMIN_URL:
    urlpatterns.insert(0, path(settings.ADMIN_URL, site.urls))

handler500 = "community.views.errors.server_error"
