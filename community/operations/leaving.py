"""Going for good: access ends at once, what goes goes, and after half a year nothing is left.

Three moments. `leave_community` ends access in one transaction, from a click. `clear` takes away
what does not wait, in batches, by the worker. `erase` takes away the rest when its time has come,
or when the data protection lead lets it come sooner. Each finds by itself what is still to do.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audit, erasing, personal, rights, sessions, tombstones
from community.models import (
    JoinRequest,
    Leaving,
    LegalHold,
    Member,
    Membership,
    MembershipEvent,
    Ring,
    Space,
    StaffRole,
)
from community.models.rights import not_held
from community.models.spaces import Asked
from community.operations import membership as memberships
from community.policies import Refused

_STAYS = ("name", "handle", "email", "password", "joined_at", "onboarded_at", "is_active", "id")
"""Of a profile, until everything is erased: so that the log of a group can be read."""


# Access ends


@transaction.atomic
def leave_community(member: Member, *, words: str, by: Member) -> Leaving:
    """End access now, and let the rest follow. ``words`` is what becomes of what they wrote.

    Leaving twice is leaving once. Raises Refused for the last steward of a group and the last
    administrator: somebody has to hold the keys first.
    """
    if by.pk != member.pk:
        raise Refused(_("Only the person themselves can leave."))
    return _leave(member, words=words, by=by)


def _leave(member: Member, *, words: str, by: Member | None) -> Leaving:
    if (left := Leaving.objects.filter(member=member).first()) is not None:
        return left
    root = Space.objects.root()
    memberships._lock_to_end(root, member)
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    # As revoke_role does: two who go, or go and revoke, at once must not leave nobody.
    list(StaffRole.objects.select_for_update().filter(role=StaffRole.Role.ADMIN).order_by("pk"))
    rights.can_leave_community(member).enforce()
    _end_memberships(member, by=by or member)
    return _close(member, words=Leaving.Words(words), by=by)


def _end_memberships(member: Member, *, by: Member) -> None:
    held = Membership.objects.filter(member=member).select_related("space")
    for membership in sorted(held, key=lambda one: one.space.is_root):
        space = Space.objects.lock(membership.space)
        membership.space, membership.member = space, member
        memberships._end(membership, MembershipEvent.What.LEFT, by=by)
    JoinRequest.objects.filter(member=member, state=Asked.PENDING).update(
        state=Asked.WITHDRAWN, decided_at=timezone.now()
    )


def _close(member: Member, *, words: str, by: Member | None) -> Leaving:
    """The account opens for nobody, and nothing more is sent to its address, which is free."""
    from community.tasks import clear_left

    now = timezone.now()
    tombstones.note(member, f"{tombstones.LEFT}:{words}")
    for step in (sessions.end_all_of, erasing.drop_mail, erasing.forget_invitations):
        step(member)
    StaffRole.objects.filter(member=member).delete()
    _free_address(member)
    member.is_active = False
    member.save(update_fields=["is_active", "email", "password"])
    left = Leaving.objects.create(
        member=member, words=words, left_at=now, erase_at=now + personal.AFTER_LEAVING
    )
    audit.record("rights.left", by=by, person=member, words=str(words))
    clear_left.delay_on_commit()
    member.forget()
    return left


def _free_address(member: Member) -> None:
    from allauth.account.models import EmailAddress

    EmailAddress.objects.filter(user=member).delete()
    member.email = f"left-{member.pk}@invalid.invalid"
    member.set_unusable_password()


# What does not wait


def clear_left() -> int:
    """Take away what goes at once, of everybody who left and is not held; how many."""
    done = 0
    waiting = Leaving.objects.filter(not_held("member"), cleared_at=None)
    for left in waiting.select_related("member").order_by("left_at"):
        if not _is_held(left):
            clear(left)
            done += 1
    return done


def _is_held(left: Leaving) -> bool:
    """Asked again before each: the list of those who are due was made minutes ago."""
    return LegalHold.objects.standing().filter(member=left.member_id).exists()


def clear(left: Leaving) -> None:
    """What others could still see or be told, and what only served the person. May run twice."""
    member = left.member
    for holding in _in_order():
        if holding.at_once:
            _take(holding, member)
    kept = {field.name for field in Member._meta.fields} & set(_STAYS)
    blank = Member()
    for field in Member._meta.fields:
        if field.name not in kept:
            setattr(member, field.attname, getattr(blank, field.attname))
    member.save()
    Leaving.objects.filter(pk=left.pk).update(cleared_at=timezone.now())


def _in_order() -> list[personal.Holding]:
    return sorted(personal.holdings(), key=lambda holding: holding.order)


def _take(holding: personal.Holding, member: Member) -> None:
    if callable(holding.erase):
        holding.erase(member)
    elif holding.erase == "delete":
        delete_in_batches(holding.of(member))
    elif holding.erase == "unlink":
        for path in holding.people:
            holding.table._base_manager.filter(**{path: member}).update(**{path: None})


def delete_in_batches(rows: QuerySet) -> int:
    """Delete the rows, some at a time, so that nobody waits for long; how many."""
    done = 0
    while batch := list(rows.order_by().values_list("pk", flat=True)[: personal.BATCH]):
        with transaction.atomic():
            rows.model._base_manager.filter(pk__in=batch).delete()
        done += len(batch)
    return done


# The rest


def erase_due() -> int:
    """Erase whoever's time is over and is not held; how many."""
    done = 0
    due = Leaving.objects.filter(
        not_held("member"), erased_at=None, cleared_at__isnull=False, erase_at__lte=timezone.now()
    )
    for left in due.select_related("member").order_by("erase_at"):
        if not _is_held(left):
            erase(left)
            done += 1
    return done


def erase(left: Leaving) -> None:
    """Take away everything that a holding does not keep with a reason. May run twice."""
    member = left.member
    with transaction.atomic():
        tombstones.note(member, tombstones.ERASED)
    erasing.forget_mail_naming(member)
    for holding in _in_order():
        _take(holding, member)
    with transaction.atomic():
        Leaving.objects.filter(pk=left.pk).update(erased_at=timezone.now())
        audit.record("rights.erased", by=None, person=member)


@transaction.atomic
def erase_now(member: Member, *, by: Member, reason: str, words: str = Leaving.Words.GO) -> Leaving:
    """Let the time of somebody's data end today, because they asked. Raises Refused."""
    rights.can_erase(by, member).enforce()
    if not reason.strip():
        raise Refused(_("Write down why. It is kept in the audit log."))
    left = _leave(member, words=words, by=by)
    left = Leaving.objects.select_for_update().get(pk=left.pk)
    if left.words != words and left.erased_at is None:
        left.words, left.cleared_at = words, None
    left.erase_at = timezone.now()
    left.save(update_fields=["words", "cleared_at", "erase_at"])
    audit.record("rights.erasure_ordered", by=by, person=member, reason=reason)
    _ring()
    return left


@transaction.atomic
def end_silent(member: Member) -> bool:
    """Erase somebody who was asked whether they want to stay and did not answer."""
    if rights.without_steward(member):
        return False
    left = _leave(member, words=Leaving.Words.STAY, by=None)
    Leaving.objects.filter(pk=left.pk).update(erase_at=timezone.now())
    _ring()
    return True


def _ring() -> None:
    from community.tasks import clear_left

    clear_left.delay_on_commit()


def erase_again() -> int:
    """After a restore: whoever left or was erased since the backup goes once more; how many."""
    tombstones.read_list()
    done = 0
    for member, what in tombstones.risen():
        word, _colon, words = what.partition(":")
        left = Leaving.objects.filter(member=member).first()
        if left is None:
            with transaction.atomic():
                left = _leave_again(member, words or Leaving.Words.GO)
        elif word == tombstones.LEFT:
            continue
        clear(left)
        if word == tombstones.ERASED:
            erase(left)
        done += 1
    return done


def _leave_again(member: Member, words: str) -> Leaving:
    """They left before: nobody asks now whether somebody holds the keys."""
    root = Space.objects.root()
    memberships._lock_to_end(root, member)
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    for membership in Membership.objects.filter(member=member).select_related("space"):
        Membership.objects.filter(pk=membership.pk).update(ring=Ring.PARTICIPANT)
    _end_memberships(member, by=member)
    return _close(member, words=words, by=None)


# Holding on to something


@transaction.atomic
def place_hold(member: Member, *, by: Member, reason: str) -> LegalHold:
    """Let nothing about somebody be deleted until the hold is lifted. Raises Refused."""
    rights.can_hold(by, member).enforce()
    if not reason.strip():
        raise Refused(_("Write down which law or case needs it."))
    member = Member.objects.select_for_update(of=("self",), no_key=True).get(pk=member.pk)
    if LegalHold.objects.filter(member=member, lifted_at=None).exists():
        raise Refused(_("Nothing about this person is deleted already."))
    hold = LegalHold.objects.create(member=member, reason=reason.strip(), placed_by=by)
    audit.record("rights.hold_placed", by=by, person=member, reason=reason)
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, *, by: Member, reason: str) -> LegalHold:
    """What waited for it goes from now on. Raises Refused."""
    hold = LegalHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    rights.can_hold(by, hold.member).enforce()
    if not reason.strip():
        raise Refused(_("Write down why it is not needed any more."))
    if hold.lifted_at is None:
        hold.lifted_at, hold.lifted_by = timezone.now(), by
        hold.save(update_fields=["lifted_at", "lifted_by"])
        audit.record("rights.hold_lifted", by=by, person=hold.member_id, reason=reason)
        _ring()
    return hold
