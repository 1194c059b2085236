"""Who welcomes in a space: volunteering, being asked, being away, stopping."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import feed
from community.models import Member, Membership, Ring, Space
from community.policies import Refused
from leadership import policies
from leadership.models import Welcome, Welcomer


@transaction.atomic
def volunteer(space: Space, *, by: Member, languages: list[str], at_once: int) -> Welcomer:
    """Take on welcoming people here, in these languages, so many at once."""
    policies.can_volunteer(by, space).enforce()
    membership = _lock(space, by)
    found = Welcomer.objects.filter(membership=membership).first() or Welcomer(
        membership=membership
    )
    return _begin(found, by, languages, at_once)


@transaction.atomic
def ask_to_welcome(space: Space, *, person: Member, by: Member) -> Welcomer:
    """A steward asks somebody who takes part; nothing begins before they say yes."""
    policies.can_ask_to_welcome(by, space).enforce()
    membership = _lock(space, person)
    if membership.ring < Ring.PARTICIPANT:
        raise Refused(_("They follow this group. Ask somebody who takes part."))
    if not membership.member.is_present:
        raise Refused(_("They cannot do this now. Ask somebody else."))
    found, made = Welcomer.objects.get_or_create(
        membership=membership, defaults={"asked_by": by, "languages": [person.language]}
    )
    if made:
        feed.record("welcomers.asked", actor=by, space=space, member=person.pk, name=space.name)
    return found


@transaction.atomic
def answer_ask(
    space: Space, *, by: Member, yes: bool, languages: list[str] | None = None, at_once: int = 3
) -> Welcomer | None:
    """Say yes or no to a steward's question. A no leaves nothing behind."""
    membership = _lock(space, by)
    asked = Welcomer.objects.filter(membership=membership, accepted_at=None).first()
    if asked is None:
        raise Refused(_("Nobody asks you any more."))
    if not yes:
        asked.delete()
        return None
    return _begin(asked, by, languages or asked.languages, at_once)


@transaction.atomic
def change_welcoming(space: Space, *, by: Member, languages: list[str], at_once: int) -> Welcomer:
    return _begin(_mine(space, by), by, languages, at_once)


@transaction.atomic
def rest(space: Space, *, by: Member, until: date | None) -> Welcomer:
    """Nobody new until that day; None: back again. Who has not been reached yet goes to others."""
    from leadership.operations.welcomes import give_back

    if until is not None and until < timezone.localdate():
        raise Refused(_("Choose a day that is still to come."))
    found = _mine(space, by)
    mine = _not_reached(space, by) if until is not None else []
    found.away_until = until
    found.save(update_fields=["away_until"])
    for one in mine:
        give_back(one)
    return found


@transaction.atomic
def stop_welcoming(space: Space, *, by: Member) -> int:
    """Put it down. Who has not been reached yet goes back to the others; how many."""
    from leadership.operations.welcomes import give_back

    found = _mine(space, by)
    membership = found.membership
    mine = _not_reached(space, by)
    found.delete()
    _set_duty(membership, on=False)
    by.forget()
    return sum(give_back(one) for one in mine)


def _not_reached(space: Space, by: Member) -> list[Welcome]:
    """Those in hand whom nobody reached yet, locked: newcomers before welcomers, as everywhere."""
    open_ones = (
        Welcome.objects.open()
        .filter(space=space, welcomer=by, state=Welcome.State.ASSIGNED)
        .select_for_update(of=("self",), no_key=True)
    )
    return list(open_ones.order_by("pk"))


def _begin(row: Welcomer, member: Member, languages: list[str], at_once: int) -> Welcomer:
    spoken = [code for code, _name in settings.LANGUAGES if code in languages]
    if not spoken:
        raise Refused(_("Say in which languages you can welcome somebody."))
    if not 1 <= at_once <= 20:
        raise Refused(_("Between one and twenty people at once."))
    row.languages, row.at_once = spoken, at_once
    row.accepted_at = row.accepted_at or timezone.now()
    row.save()
    _set_duty(row.membership, on=True)
    member.forget()
    return row


def _set_duty(membership: Membership, *, on: bool) -> None:
    """The membership itself says that they welcome: pages know it without asking."""
    others = [duty for duty in membership.duties if duty != policies.DUTY]
    membership.duties = [*others, policies.DUTY] if on else others
    membership.save(update_fields=["duties"])


def _mine(space: Space, by: Member) -> Welcomer:
    membership = _lock(space, by)
    found = Welcomer.objects.filter(membership=membership, accepted_at__isnull=False).first()
    if found is None:
        raise Refused(_("You do not welcome people here."))
    found.membership = membership
    return found


def _lock(space: Space, member: Member) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(space=space, member=member).select_related("space", "member").first()
    if found is None:
        raise Refused(_("This person is not in the group any more."))
    return found
