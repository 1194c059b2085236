"""What the organisation set for its whole site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from community.models.spaces import Space


class CommunityManager(models.Manager):
    def current(self) -> Community:
        """The one there is, with its space."""
        return self.select_related("space", "logo").get()


class Community(models.Model):
    """What the organisation set for the whole site; the one row belongs to the root space."""

    class WhoStarts(models.TextChoices):
        MEMBERS = "members", _("Every member; a steward of the community says yes")
        STEWARDS = "stewards", _("Stewards of groups and of the community")

    space = models.OneToOneField(Space, on_delete=models.CASCADE, primary_key=True)
    tagline = models.CharField(_("headline"), max_length=120, blank=True)
    intro = models.TextField(_("introduction for visitors"), max_length=2000, blank=True)
    welcome = models.TextField(_("welcome for new members"), max_length=2000, blank=True)
    brand = models.CharField(
        _("brand colour"),
        max_length=7,
        default="#006b54",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour like #006b54."))],
    )
    logo = models.ForeignKey(
        "community.Media", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    languages = models.JSONField(default=list, blank=True)
    """Codes of the languages people can choose here; empty: all that the site speaks."""
    default_language = models.CharField(
        max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC")
    areas = models.JSONField(default=list, blank=True)
    """Names of areas offered to people and groups."""
    wishes = models.JSONField(default=list, blank=True)
    """What newcomers may say they would like to do: a list of strings."""
    who_starts_groups = models.CharField(
        max_length=10, choices=WhoStarts, default=WhoStarts.MEMBERS
    )

    contacts_a_week = models.PositiveSmallIntegerField(
        _("announcements a person gets in seven days"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(14)],
    )
    contacts_a_day = models.PositiveSmallIntegerField(
        _("announcements a person gets in a day"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    """The contact budget: over all senders together (community/governor.py)."""

    contact_email = models.EmailField(_("address for questions"), blank=True)
    contact_note = models.CharField(_("who reads it, and when"), max_length=200, blank=True)
    footer_links = models.JSONField(default=list, blank=True)
    """What stands at the foot of the public pages: a list of {"label", "url"}."""
    home_hides = models.JSONField(default=list, blank=True)
    """Parts of the public home that are switched off, some of HOME_PARTS."""

    MOST_LINKS = 6
    MOST_QUESTIONS = 5

    HOME_PARTS = {
        "stories": _("What we are doing: public posts"),
        "groups": _("Groups to look into"),
        "about": _("The rest of the introduction"),
    }

    objects = CommunityManager()

    @property
    def name(self) -> str:
        return self.space.name

    @property
    def offered_languages(self) -> list[tuple[str, Any]]:
        """(code, name) of the languages people can choose; the default one is always among them."""
        chosen = {*self.languages, self.default_language} if self.languages else None
        return [pair for pair in settings.LANGUAGES if chosen is None or pair[0] in chosen]
