from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = _("Community")

    def ready(self) -> None:
        autodiscover_modules("kinds")
        import community.checks  # noqa: F401
        from community.sessions import keep_less_of_addresses

        keep_less_of_addresses()
