"""The addresses of the core."""

from django.urls import path

from community.views import health, media, outbox, pages, theme

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("csp-report/", health.csp_report, name="csp_report"),
    path("theme/<slug:digest>.css", theme.theme, name="theme"),
    path("manifest.webmanifest", theme.manifest, name="manifest"),
    path("sw.js", pages.service_worker, name="service_worker"),
    path("offline/", pages.offline, name="offline"),
    path("styleguide/", pages.styleguide, name="styleguide"),
    path("media/", media.upload_media, name="upload_media"),
    path("media/<str:token>/discard/", media.discard_media, name="discard_media"),
    path("media/<str:token>/describe/", media.describe_media, name="describe_media"),
    path("media/<str:token>/<str:rendition>/", media.media, name="media"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:pk>/", outbox.outbox_mail, name="outbox_mail"),
]
