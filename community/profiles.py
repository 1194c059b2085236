"""Knows what of a person is shown to whom: the one reading of ``field_visibility``."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from community.models import Item, Member, Membership, Ring, Space
from community.models.contacts import talks_with
from community.prepared import prepared

FIELDS = Member.FIELDS_WITH_VISIBILITY


def reveal(people: Iterable[Member], viewer: Member) -> list[Member]:
    """The people, each with ``shown``: {field: value} of what the viewer may read of them.

    One query for all of them, another where somebody shows something to contacts only. The people
    are ones the viewer may see.
    """
    people = list(people)
    near, led = _circles([person.pk for person in people], viewer)
    shy = [p.pk for p in people if any(_seen_by(p, f) == Member.SeenBy.CONTACTS for f in FIELDS)]
    talking = {row.pk for row in _talking(viewer, tuple(shy))} if shy else set()
    for person in people:
        person.shown = {
            field: getattr(person, field)
            for field in FIELDS
            if getattr(person, field)
            and _reads(_seen_by(person, field), person.pk, viewer.pk, near, led, talking)
        }
    return people


def _circles(ids: list[int], viewer: Member) -> tuple[set[int], set[int]]:
    """Of these people: who shares a group with the viewer, and who is in a space they lead."""
    groups, leads = set(viewer.group_ids), set(viewer.led_ids)
    near, led = set(), set()
    for row in _shared(tuple(ids), (*viewer.group_ids, *viewer.led_ids)):
        if row.space_id in groups and row.space.closed_at is None:
            near.add(row.member_id)
        if row.space_id in leads:
            led.add(row.member_id)
    return near, led


@prepared
def _shared(people: tuple[int, ...], spaces: tuple[int, ...]) -> QuerySet:
    rows = Membership.objects.filter(member__in=people, space__in=spaces).select_related("space")
    return rows.only("member_id", "space__closed_at")


@prepared
def _talking(reader: Member, people: tuple[int, ...]) -> QuerySet:
    return Member.objects.filter(Exists(talks_with(reader)), pk__in=people).only("pk")


def _seen_by(person: Member, field: str) -> str:
    return person.field_visibility.get(field) or person.profile_seen_by


def _reads(
    seen_by: str, person: int, viewer: int, near: set[int], led: set[int], talking: set[int]
) -> bool:
    if person == viewer or person in led or seen_by == Member.SeenBy.MEMBERS:
        return True
    if seen_by == Member.SeenBy.CONTACTS:
        return person in talking
    return seen_by == Member.SeenBy.GROUPS and person in near


def with_field(people: QuerySet, field: str, viewer: Member, match: Q) -> QuerySet:
    """Of the people, those whose ``field`` fits ``match`` and may be read by the viewer.

    So that searching never tells what looking would not.
    """
    shared = Membership.objects.filter(
        member=OuterRef("pk"), space__in=viewer.group_ids, space__closed_at=None
    )
    led = Membership.objects.filter(member=OuterRef("pk"), space__in=viewer.led_ids)
    setting = KeyTextTransform(field, "field_visibility")
    seen_by = Case(
        When(**{f"field_visibility__{field}__isnull": False}, then=Cast(setting, CharField())),
        default=F("profile_seen_by"),
        output_field=CharField(),
    )
    name = f"{field}_seen_by"
    readable = (
        Q(pk=viewer.pk)
        | Q(**{name: Member.SeenBy.MEMBERS})
        | (Q(**{name: Member.SeenBy.GROUPS}) & Exists(shared))
        | (Q(**{name: Member.SeenBy.CONTACTS}) & Exists(talks_with(viewer)))
        | Exists(led)
    )
    return people.alias(**{name: seen_by}).filter(match & readable)


def circles(viewer: Member) -> list[int]:
    """Groups of whose people the viewer is told: where they take part, unless the group keeps its
    list to its stewards. Who only follows a group learns of nobody that they are in it."""
    return [
        pk
        for pk, row in viewer.memberships_by_space.items()
        if not row.space.is_root
        and (
            row.ring >= Ring.STEWARD
            or (row.ring >= Ring.PARTICIPANT and "people" not in row.space.tabs_off)
        )
    ]


def known_by_name(pk: int, viewer: Member) -> Member | None:
    """Somebody whose words the viewer reads, and so knows by name, whatever their profile shows."""
    found = (
        Member.objects.filter(pk=pk)
        .exclude(pk__in=viewer.kept_apart_ids)
        .select_related("avatar")
        .first()
    )
    if found is None or not Item.objects.visible_to(viewer).filter(author=found).exists():
        return None
    return found


def at_the_door(root: Space) -> list[Member]:
    """The stewards who read requests to come in: they act in the open, so newcomers see them."""
    return list(
        Member.objects.present()
        .filter(membership__space=root, membership__ring=Ring.STEWARD)
        .select_related("avatar")
        .order_by("membership__joined_at")[:5]
    )
