"""What the organisation chooses for its whole site. Every change stands in the audit log."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from community import audit, colour, policies
from community.models import Community, Member, Ring, Space
from community.policies import Refused

WORDS = ("tagline", "intro", "welcome")
DOORS = ("join_policy", "questions", "invite_ring")


@transaction.atomic
def describe_site(
    community: Community,
    *,
    by: Member,
    name: str,
    areas: list[str],
    wishes: list[str],
    **words: str,
) -> Community:
    """Its name, what it says of itself, and what it offers newcomers to choose from."""
    community = _lock(community, by)
    name = " ".join(name.split())
    if not any(letter.isalnum() for letter in name):
        raise Refused(_("A name needs letters or numbers."))
    changed = _set(community.space, {"name": name[:80]})
    said = {
        key: " ".join(words[key].split()) if key == "tagline" else words[key].strip()
        for key in WORDS
        if key in words
    }
    changed += _set(community, said | {"areas": areas, "wishes": wishes})
    return _recorded(community, by, "site.described", changed)


@transaction.atomic
def set_brand(community: Community, *, brand: str, by: Member) -> Community:
    """The colour everything derives from. Raises Refused for one that cannot be read."""
    community = _lock(community, by)
    try:
        brand = colour.to_hex(colour.parse(brand))
    except ValueError:
        raise Refused(_("Write a colour like #006b54.")) from None
    if not colour.is_readable(brand):
        raise Refused(
            _("This colour is too pale to be read. The nearest that works is %(colour)s.")
            % {"colour": colour.nearest_readable(brand)}
        )
    return _recorded(community, by, "site.coloured", _set(community, {"brand": brand}), brand=brand)


@transaction.atomic
def set_doors(
    community: Community,
    *,
    by: Member,
    join_policy: str,
    questions: list[str],
    who_starts_groups: str,
    invite_ring: int,
) -> Community:
    """How people come in, what they are asked, who may invite, and who may start a group."""
    community = _lock(community, by)
    if join_policy not in (Space.JoinPolicy.OPEN, Space.JoinPolicy.ASK, Space.JoinPolicy.INVITE):
        raise Refused(_("Choose how people come in."))
    if invite_ring not in (Ring.PARTICIPANT, Ring.CORE, Ring.STEWARD):
        raise Refused(_("Choose who may invite people."))
    if who_starts_groups not in Community.WhoStarts.values:
        raise Refused(_("Choose who may start groups."))
    asked = [text.strip()[:200] for text in questions if text.strip()][: Community.MOST_QUESTIONS]
    space = Space.objects.lock(community.space)
    doors = {"join_policy": join_policy, "questions": asked, "invite_ring": invite_ring}
    changed = _set(space, doors)
    changed += _set(community, {"who_starts_groups": who_starts_groups})
    return _recorded(community, by, "site.doors_changed", changed, join_policy=join_policy)


@transaction.atomic
def set_home(
    community: Community,
    *,
    by: Member,
    shows: list[str],
    contact_email: str,
    contact_note: str,
    links: list[dict[str, str]],
) -> Community:
    """What visitors find on the public home and at its foot."""
    community = _lock(community, by)
    if len(links) > Community.MOST_LINKS:
        raise Refused(_("Six links at most."))
    for link in links:
        if not link["url"].startswith(("https://", "http://", "/")) or not link["label"].strip():
            raise Refused(_("A link needs words and an address that begins with https."))
    fields = {
        "home_hides": [part for part in Community.HOME_PARTS if part not in shows],
        "contact_email": contact_email,
        "contact_note": " ".join(contact_note.split()),
        "footer_links": links,
    }
    return _recorded(community, by, "site.home_changed", _set(community, fields))


@transaction.atomic
def set_languages(
    community: Community, *, by: Member, languages: list[str], default_language: str, time_zone: str
) -> Community:
    """The languages people can choose, the one for everybody else, and the site's clock."""
    community = _lock(community, by)
    known = dict(settings.LANGUAGES)
    if default_language not in known or not set(languages) <= set(known):
        raise Refused(_("Choose languages that the site speaks."))
    if default_language not in languages:
        raise Refused(_("The usual language has to be one of those people can choose."))
    if time_zone not in zoneinfo.available_timezones():
        raise Refused(_("Choose a time zone."))
    fields = {
        "languages": [code for code in known if code in languages],
        "default_language": default_language,
        "timezone": time_zone,
    }
    return _recorded(community, by, "site.languages_changed", _set(community, fields))


def _lock(community: Community, by: Member) -> Community:
    policies.can_change_site(by, community).enforce()
    rows = Community.objects.select_for_update(of=("self",)).select_related("space", "logo")
    return rows.get(pk=community.pk)


def _set(row: Any, fields: dict[str, Any]) -> list[str]:
    """Write what is new; the names of what changed."""
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    if changed:
        row.save(update_fields=changed)
    return changed


def _recorded(
    community: Community, by: Member, action: str, changed: list[str], **data: Any
) -> Community:
    if changed:
        audit.record(action, by=by, space=community.space_id, changed=changed, **data)
    return community
