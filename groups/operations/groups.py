"""A group's life: proposed, let in, changed, rested, ended."""

from __future__ import annotations

from collections.abc import Iterable
from secrets import token_hex
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community import feed, limits
from community import policies as core
from community.models import (
    Community,
    Invitation,
    Media,
    Member,
    Membership,
    Openness,
    Ring,
    RingProposal,
    Space,
    Volume,
)
from community.models.people import still_here
from community.models.spaces import Asked
from community.operations.membership import admit, decline_all
from community.policies import Refused
from groups import checklist, kinship, policies
from groups.models import Group

RESERVED = {"start", "proposals", "appeals"}
"""Words of our own addresses under /groups/, never the slug of a group."""
MOST_QUESTIONS = 5

State = Group.State
OWN, COMMUNITY = "own", "community"

TRANSITIONS: dict[tuple[str, str], str] = {
    (State.FORMING, State.ACTIVE): OWN,
    (State.FORMING, State.DORMANT): COMMUNITY,
    (State.ACTIVE, State.NEEDS_SUPPORT): OWN,
    (State.ACTIVE, State.DORMANT): COMMUNITY,
    (State.NEEDS_SUPPORT, State.ACTIVE): COMMUNITY,
    (State.NEEDS_SUPPORT, State.DORMANT): COMMUNITY,
    (State.DORMANT, State.ACTIVE): OWN,
    (State.ARCHIVED, State.FORMING): COMMUNITY,
}
"""(from, to) → who decides it: the group's own stewards too, or only those of the community."""
WITH_REASON = {State.NEEDS_SUPPORT, State.DORMANT}


@transaction.atomic
def start_group(
    name: str,
    *,
    by: Member,
    purpose: str = "",
    kind: str = Group.Kind.LOCAL,
    openness: str = Openness.OPEN,
    join_policy: str = Space.JoinPolicy.OPEN,
    questions: Iterable[str] = (),
    area: str = "",
    languages: Iterable[str] = (),
    rhythm: str = "",
    hue: int | None = None,
    parents: Iterable[Group] = (),
) -> Group:
    """Begin a group: forming at once if the starter holds a group already, else a proposal.

    The starter is its first steward. Raises Refused.
    """
    policies.can_start(by, Community.objects.select_related("space").get()).enforce()
    if not name.strip():
        raise Refused(_("A group needs a name."))
    _coherent(openness, join_policy)
    limits.check(by, "propose")
    direct = policies.founds(by)
    now = timezone.now()
    space = _new_space(
        name.strip(),
        kind=Space.GROUP,
        purpose=purpose.strip(),
        openness=openness,
        join_policy=join_policy,
        questions=_asked(questions),
        hue=hue if hue is not None else sum(map(ord, name)) % 18,
        listed_at=now if direct else None,
    )
    group = Group.objects.create(
        space=space,
        kind=kind,
        area=area.strip(),
        languages=list(languages),
        rhythm=rhythm.strip(),
        state=State.FORMING if direct else State.PROPOSED,
        started_by=by,
    )
    admit(by, Space.objects.lock(space), ring=Ring.STEWARD, via=Membership.Via.FOUNDED, by=by)
    parents = list(parents)
    if parents:
        kinship.lock_links()
        kinship.hang(group, parents, by=by)
    feed.record(
        "groups.started" if direct else "groups.proposed", actor=by, space=space, name=space.name
    )
    group.space.refresh_from_db()
    return group


@transaction.atomic
def approve_group(group: Group, *, by: Member) -> Group:
    """Say yes to a proposal: the group is listed and begins to form."""
    group = Group.objects.lock(group)
    policies.can_approve(by, group).enforce()
    group.space.listed_at = timezone.now()
    group.space.save(update_fields=["listed_at"])
    _enter(group, State.FORMING)
    feed.record("groups.approved", actor=by, space=group.space, name=group.space.name)
    return group


@transaction.atomic
def decline_group(group: Group, *, by: Member, reason: str) -> Group:
    """Say no to a proposal, with a reason its starter reads; they can propose it again, changed."""
    group = Group.objects.lock(group)
    policies.can_approve(by, group).enforce()
    if not reason.strip():
        raise Refused(_("Say why, and what would make it a yes."))
    group.space.closed_at = timezone.now()
    group.space.save(update_fields=["closed_at"])
    _enter(group, State.ARCHIVED, reason=reason)
    feed.record("groups.declined", actor=by, space=group.space, name=group.space.name)
    return group


@transaction.atomic
def update_group(group: Group, *, by: Member, **fields: Any) -> Group:
    """Change how the group describes itself.

    ``fields``: name, purpose, hue of its space; kind, area, languages, rhythm, outside_link.
    """
    group = Group.objects.lock(group)
    policies.can_change_group(by, group).enforce()
    of_space = {key: fields.pop(key) for key in ("name", "purpose", "hue") if key in fields}
    if "name" in of_space and not of_space["name"].strip():
        raise Refused(_("A group needs a name."))
    _set(group.space, of_space)
    _set(group, {key: fields[key] for key in _OWN_FIELDS if key in fields})
    feed.record("groups.updated", actor=by, space=group.space, name=group.space.name)
    return group


_OWN_FIELDS = ("kind", "area", "languages", "rhythm", "outside_link")


@transaction.atomic
def change_openness(
    group: Group,
    *,
    by: Member,
    openness: str,
    join_policy: str,
    questions: Iterable[str] = (),
    invite_ring: int = Ring.PARTICIPANT,
    first_volume: str = "",
) -> Group:
    """Change who sees the group and how people come in; without ``first_volume`` that stays.
    Raises Refused for doors that clash."""
    group = Group.objects.lock(group)
    policies.can_change_group(by, group).enforce()
    _coherent(openness, join_policy)
    if invite_ring not in (Ring.PARTICIPANT, Ring.CORE, Ring.STEWARD):
        raise Refused(_("Followers do not invite people."))
    first_volume = first_volume or group.space.first_volume
    if first_volume not in Volume.values or first_volume == Volume.MUTE:
        raise Refused(_("Choose everything, the digest or mentions."))
    before = group.space.openness
    _set(
        group.space,
        {
            "openness": openness,
            "join_policy": join_policy,
            "questions": _asked(questions),
            "invite_ring": invite_ring,
            "first_volume": first_volume,
        },
    )
    if before != openness:
        feed.record(
            "groups.openness_changed",
            actor=by,
            space=group.space,
            name=group.space.name,
            openness=openness,
            openness_before=before,
        )
    return group


@transaction.atomic
def set_cover(group: Group, *, cover: Media | None, by: Member) -> Group:
    """Give the group a picture of its own, or back its woven one."""
    group = Group.objects.lock(group)
    policies.can_change_group(by, group).enforce()
    if cover is not None and (cover.purpose != Media.Purpose.COVER or cover.owner_id != by.pk):
        raise Refused(_("Choose a picture you uploaded for this."))
    _set(group.space, {"cover": cover})
    return group


@transaction.atomic
def name_contacts(
    group: Group,
    *,
    by: Member,
    welcomer: Member | None,
    safety_contact: Member | None,
    first_meeting_at: Any = None,
) -> Group:
    """Say who welcomes people, whom to turn to, and when the first meeting was."""
    group = Group.objects.lock(group)
    policies.can_change_group(by, group).enforce()
    wanted = {person.pk for person in (welcomer, safety_contact) if person is not None}
    here = Membership.objects.filter(
        still_here("member__"), space=group.space, member__in=wanted, ring__gte=Ring.PARTICIPANT
    )
    if here.count() != len(wanted):
        raise Refused(_("Choose people who take part in this group."))
    if first_meeting_at and first_meeting_at > timezone.localdate():
        raise Refused(_("The first meeting counts once it was held."))
    _set(
        group,
        {
            "welcomer": welcomer,
            "safety_contact": safety_contact,
            "first_meeting_at": first_meeting_at,
        },
    )
    return group


@transaction.atomic
def name_liaison(group: Group, *, by: Member, liaison: Member | None, met_at: Any = None) -> Group:
    """Say who keeps contact with the group for the organisation, and since when they have met."""
    group = Group.objects.lock(group)
    policies.can_name_liaison(by, group).enforce()
    if met_at and liaison is None:
        raise Refused(_("Say first who keeps contact with this group."))
    if met_at and met_at > timezone.localdate():
        raise Refused(_("The talk counts once it was held."))
    if liaison is not None and liaison.pk != group.liaison_id and not liaison.is_present:
        raise Refused(_("They cannot do this now. Choose somebody else."))
    _set(group, {"liaison": liaison, "liaison_met_at": met_at})
    return group


@transaction.atomic
def change_state(group: Group, *, to: str, by: Member, reason: str = "") -> Group:
    """Move a group on: active once its checklist is done; rest and support are set by people.

    Raises Refused, for an unfinished checklist with what is missing.
    """
    group = Group.objects.lock(group)
    policies.can_care_for(by, group).enforce()
    who = TRANSITIONS.get((group.state, to))
    if who is None:
        raise Refused(_("A group does not go from there to here."))
    if who == COMMUNITY and not core.steers_community(by):
        raise Refused(_("The stewards of the community decide this, with you. Ask them."))
    if to in WITH_REASON and not reason.strip():
        raise Refused(_("Write one sentence for its people: why, and what helps."))
    if (group.state, to) == (State.FORMING, State.ACTIVE):
        missing = [step.label for step in checklist.of(group) if not step.done]
        if missing:
            raise Refused(_("Still missing: %(steps)s.") % {"steps": "; ".join(missing)})
    if group.state == State.ARCHIVED:
        group.space.closed_at = None
        group.space.listed_at = group.space.listed_at or timezone.now()
        group.space.save(update_fields=["closed_at", "listed_at"])
    _enter(group, to, reason=reason)
    feed.record(
        "groups.state_changed", actor=by, space=group.space, name=group.space.name, state=to
    )
    return group


@transaction.atomic
def archive(group: Group, *, by: Member, name: str, reason: str = "") -> Group:
    """End a group, by typing its name. Its talk stays readable; its doors close. Raises Refused."""
    group = Group.objects.lock(group)
    policies.can_archive(by, group).enforce()
    if " ".join(name.split()).casefold() != " ".join(group.space.name.split()).casefold():
        raise Refused(_("That is not the name of this group."))
    now = timezone.now()
    group.space.closed_at = now
    group.space.save(update_fields=["closed_at"])
    Invitation.objects.filter(space=group.space, revoked_at=None).update(revoked_at=now)
    decline_all(group.space, by=by, reason=gettext_lazy("The group has ended."))
    RingProposal.objects.filter(space=group.space, state=Asked.PENDING).update(
        state=Asked.WITHDRAWN, decided_at=now
    )
    _enter(group, State.ARCHIVED, reason=reason)
    by.forget()
    feed.record(
        "groups.state_changed",
        actor=by,
        space=group.space,
        name=group.space.name,
        state=State.ARCHIVED,
    )
    return group


def _new_space(name: str, **fields: Any) -> Space:
    """A space with an address of its own; somebody else taking the same one at once is no harm."""
    base = slugify(name)[:60].strip("-") or "group"
    if fields.get("openness") == Openness.SECRET:
        # Whoever gives their group the same name would learn from "-2" that there is this one.
        base = f"{base}-{token_hex(4)}"
    for number in range(1, 200):
        slug = base if number == 1 else f"{base}-{number}"
        if slug in RESERVED or Space.objects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                return Space.objects.create(name=name, slug=slug, **fields)
        except IntegrityError:
            continue
    raise Refused(_("There are many groups of this name already. Choose another one."))


def _coherent(openness: str, join_policy: str) -> None:
    """Doors that fit the walls: nobody walks into what is closed or asks for what is secret."""
    if openness not in Openness.values or join_policy not in Space.JoinPolicy.values:
        raise Refused(_("Choose who sees the group and how people come in."))
    if openness == Openness.SECRET and join_policy in (
        Space.JoinPolicy.OPEN,
        Space.JoinPolicy.ASK,
    ):
        raise Refused(_("Nobody can find a secret group. Let people come in by invitation."))
    if openness == Openness.CLOSED and join_policy == Space.JoinPolicy.OPEN:
        raise Refused(
            _("If anybody can walk in, it is not closed. Let people ask, or invite them.")
        )


def _asked(questions: Iterable[str]) -> list[str]:
    return [text.strip()[:200] for text in questions if text.strip()][:MOST_QUESTIONS]


def _enter(group: Group, state: str, *, reason: str = "") -> None:
    _set(
        group,
        {"state": state, "state_reason": reason.strip(), "state_changed_at": timezone.now()},
    )


def _set(row: Any, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    if fields:
        row.save(update_fields=list(fields))
