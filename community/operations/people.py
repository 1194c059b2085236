"""What somebody says about themselves, what they show of it, and whom they keep away."""

from __future__ import annotations

import re
import zoneinfo
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from community import feed, live
from community.models import Block, Member, Mute, NoticeSettings
from community.named import words
from community.policies import Refused

PROFILE = ("name", "pronouns", "area", "about", "skills", "spoken_languages", "ask_me_about")
HANDLE_LENGTH = 40
# Control characters, and those that turn the direction of text: they make a name read as another.
_TRICKS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Nobody is called like a place of the site or like everybody in it.
_NOT_HANDLES = frozenset(
    {"all", "admin", "everyone", "former-member", "group", "here", "me", "moderator", "steward"}
)


# About oneself


@transaction.atomic
def introduce(member: Member, *, by: Member, name: str, pronouns: str, language: str) -> Member:
    """The first step of the first run: what to call somebody, and in which language to talk."""
    member = _lock_own(member, by)
    member.name, member.pronouns, member.language = _named(name), pronouns.strip(), language
    if not member.handle:
        member.handle = free_handle(member.name)
    return _save(member, by, "name", "pronouns", "language", "handle")


@transaction.atomic
def finish_first_run(member: Member, *, by: Member, area: str, wants: list[str]) -> Member:
    """The last step: the person stands in lists from now on, as they chose."""
    member = _lock_own(member, by)
    if not member.name:
        raise Refused(_("Say what people call you first."))
    member.area, member.wants = area.strip(), wants
    arrives = member.onboarded_at is None
    member.onboarded_at = member.onboarded_at or timezone.now()
    member = _save(member, by, "area", "wants", "onboarded_at")
    if arrives:
        feed.record("people.arrived", actor=member)
    return member


@transaction.atomic
def update_profile(member: Member, *, by: Member, **fields: Any) -> Member:
    """Change what stands in a profile; ``fields`` are some of PROFILE."""
    member = _lock_own(member, by)
    unknown = set(fields) - set(PROFILE)
    if unknown:
        raise TypeError(f"Not in a profile: {', '.join(sorted(unknown))}")
    if "name" in fields:
        fields["name"] = _named(fields["name"])
    for field, value in fields.items():
        setattr(member, field, value.strip())
    return _save(member, by, *fields)


@transaction.atomic
def choose_privacy(
    member: Member,
    *,
    by: Member,
    profile_seen_by: str,
    in_directory: bool,
    field_visibility: dict[str, str] | None = None,
    shows_presence: bool | None = None,
) -> Member:
    """Who may see the profile, who each field of it, whether it stands in the directory, and
    whether people in the same room see that the member is there. What is None stays as it is."""
    member = _lock_own(member, by)
    member.profile_seen_by = Member.SeenBy(profile_seen_by)
    # "You appear in no list" is what we promised those who show themselves to their contacts only.
    member.in_directory = in_directory and member.profile_seen_by != Member.SeenBy.CONTACTS
    changed = ["profile_seen_by", "in_directory"]
    if shows_presence is not None and shows_presence != member.shows_presence:
        member.shows_presence = shows_presence
        changed.append("shows_presence")
        live.close_on_commit(member.pk)
    if field_visibility is not None:
        member.field_visibility = {
            field: Member.SeenBy(seen_by).value
            for field, seen_by in field_visibility.items()
            if field in Member.FIELDS_WITH_VISIBILITY and seen_by
        }
        changed.append("field_visibility")
    return _save(member, by, *changed)


@transaction.atomic
def choose_look(
    member: Member,
    *,
    by: Member,
    theme: str,
    language: str,
    time_zone: str,
    saves_data: bool = False,
) -> Member:
    """Colours, language, time zone and weight of the site, for this person."""
    member = _lock_own(member, by)
    if language not in dict(settings.LANGUAGES):
        raise Refused(_("We do not speak this language yet."))
    if time_zone and time_zone not in zoneinfo.available_timezones():
        raise Refused(_("There is no such time zone."))
    if time_zone != member.timezone:  # their hours are other hours now: the clock plans anew
        NoticeSettings.objects.filter(member=member).update(next_digest_at=None)
    member.theme, member.language, member.timezone = Member.Theme(theme), language, time_zone
    member.saves_data = saves_data
    return _save(member, by, "theme", "language", "timezone", "saves_data")


@transaction.atomic
def change_handle(member: Member, *, by: Member, handle: str) -> Member:
    """Choose the word after @. Raises Refused if it is taken."""
    member = _lock_own(member, by)
    member.handle = slugify(handle)[:HANDLE_LENGTH]
    if not member.handle or _means_several(member.handle):
        raise Refused(_("Use letters and numbers, and nothing that means everybody."))
    try:
        with transaction.atomic():
            return _save(member, by, "handle")
    except IntegrityError:
        raise Refused(_("Somebody has this one. Try another."))


def _means_several(handle: str) -> bool:
    return handle in _NOT_HANDLES or handle in words()


def free_handle(name: str) -> str:
    """A handle nobody has, from a name: "Ana Díaz" → "ana-diaz", "ana-diaz-2", …"""
    stem = slugify(name)[: HANDLE_LENGTH - 6].strip("-") or "member"
    if _means_several(stem):
        stem = f"{stem}-1"
    taken = set(Member.objects.filter(handle__startswith=stem).values_list("handle", flat=True))
    if stem not in taken:
        return stem
    number = 2
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


# Keeping apart


@transaction.atomic
def block(person: Member, *, by: Member) -> Block:
    """Neither sees the other from now on, anywhere. The other is not told."""
    if person.pk == by.pk:
        raise Refused(_("You cannot block yourself."))
    made, _new = Block.objects.get_or_create(member=by, blocked=person)
    _forget(person, by)
    return made


@transaction.atomic
def unblock(person: Member, *, by: Member) -> None:
    """Takes back one's own block; the other one's, if there is one, stays."""
    Block.objects.filter(member=by, blocked=person).delete()
    _forget(person, by)


@transaction.atomic
def mute(person: Member, *, by: Member) -> Mute:
    """Hear nothing of somebody on Today and in notices. The other does not notice."""
    if person.pk == by.pk:
        raise Refused(_("You cannot mute yourself."))
    made = Mute.objects.get_or_create(member=by, muted=person)[0]
    by.forget()
    return made


@transaction.atomic
def unmute(person: Member, *, by: Member) -> None:
    Mute.objects.filter(member=by, muted=person).delete()
    by.forget()


def _forget(*people: Member) -> None:
    for person in people:
        live.close_on_commit(person.pk)
        person.forget()


def _lock_own(member: Member, by: Member) -> Member:
    if member.pk != by.pk:
        raise Refused(_("Only the person themselves can change this."))
    return Member.objects.select_for_update(of=("self",), no_key=True).get(pk=member.pk)


def _named(name: str) -> str:
    name = _TRICKS.sub("", " ".join(name.split())).strip()
    if not any(letter.isalnum() for letter in name):
        raise Refused(_("Say what people call you: a first name or a nickname is enough."))
    return name


def _save(member: Member, by: Member, *fields: str) -> Member:
    """Saves the fields, and keeps the person who acts up to date with them."""
    member.save(update_fields=fields)
    for field in fields:
        setattr(by, field, getattr(member, field))
    return member
