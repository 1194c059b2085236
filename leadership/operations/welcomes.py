"""A newcomer in somebody's hands: given, tried, reached, talked with, and a first step agreed."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import feed, mail
from community.models import Member, Membership, Ring, Space
from community.operations import chat
from community.policies import Refused
from leadership import choosing, policies
from leadership.models import (
    Channel,
    Commitment,
    Contact,
    Conversation,
    HandOver,
    Refusal,
    Welcome,
    Welcomer,
)

State = Welcome.State
NEW_FOR = timedelta(days=30)
"""So long somebody counts as new."""
MAILS_A_DAY = 2


# Into somebody's hands


@transaction.atomic
def begin(newcomer: Member) -> Welcome | None:
    """Put a newcomer into somebody's hands, once; the clock and follow-ups call it again and again.

    Who is in the hands of the whole community and joins a group is passed on to a person of that
    group, as long as nobody has written to them yet. Returns the open welcome, if there is one.
    """
    newcomer = Member.objects.select_for_update(of=("self",), no_key=True).get(pk=newcomer.pk)
    held = Welcome.objects.open().filter(member=newcomer).select_related("space").first()
    if held is None:
        if not _is_new(newcomer) or Welcome.objects.filter(member=newcomer).exists():
            return None
        choice = choosing.choose(newcomer)
        if choice is None:
            return None
        held = Welcome.objects.create(member=newcomer, space=choice.space)
    else:
        held = Welcome.objects.lock(held)
        untouched = held.is_waiting and not held.contacts.exists()
        nearer = untouched and held.space.is_root and held.welcomer_id
        if held.welcomer_id and not nearer:
            return held
        choice = choosing.choose(newcomer, welcome=held)
        if choice is None or (nearer and (choice.space.is_root or choice.welcomer is None)):
            return held
    if choice.space.pk != held.space_id:
        held.space = choice.space
        held.save(update_fields=["space"])
    return _give(held, choice.welcomer) if choice.welcomer else held


def _is_new(member: Member) -> bool:
    """Came into the community lately, finished the first minute, and holds nothing here."""
    root = next((row for row in member.memberships_by_space.values() if row.space.is_root), None)
    if root is None or not member.is_present or member.onboarded_at is None:
        return False
    holds = any(row.ring >= Ring.STEWARD for row in member.memberships_by_space.values())
    if holds or member.held_roles or policies.welcomes_somewhere(member):
        return False
    return timezone.now() - root.joined_at < NEW_FOR


def _give(welcome: Welcome, to: Member) -> Welcome:
    """Into the hands of somebody; both are told."""
    welcome.welcomer, welcome.assigned_at = to, timezone.now()
    if welcome.state == State.UNASSIGNED:
        welcome.state = State.ASSIGNED
    welcome.save(update_fields=["welcomer", "assigned_at", "state"])
    name = welcome.member.display_name
    feed.record("welcomes.given", actor=None, space=welcome.space, member=to.pk, name=name)
    feed.record(
        "welcomes.promised",
        actor=None,
        space=welcome.space,
        member=welcome.member_id,
        name=to.display_name,
    )
    return welcome


@transaction.atomic
def give_back(welcome: Welcome) -> bool:
    """Out of the hands of somebody who cannot: to the next, or to nobody for the time being."""
    welcome = Welcome.objects.lock(welcome)
    if welcome.closed_at or welcome.welcomer_id is None:
        return False
    before = welcome.welcomer_id
    welcome.welcomer = None
    if welcome.state == State.ASSIGNED:
        welcome.state = State.UNASSIGNED
    welcome.save(update_fields=["welcomer", "state"])
    HandOver.objects.filter(welcome=welcome, answered_at=None).update(answered_at=timezone.now())
    choice = choosing.choose(welcome.member, welcome=welcome)
    if choice is not None and choice.welcomer is not None and choice.welcomer.pk != before:
        welcome.space = choice.space
        welcome.save(update_fields=["space"])
        _give(welcome, choice.welcomer)
    return True


@transaction.atomic
def take(welcome: Welcome, *, by: Member) -> Welcome:
    """Take a newcomer who has nobody, or whom nobody reached in time. The first one has them."""
    welcome = Welcome.objects.lock(welcome)
    policies.can_take(by, welcome).enforce()
    HandOver.objects.filter(welcome=welcome, answered_at=None).update(answered_at=timezone.now())
    return _give(welcome, by)


@transaction.atomic
def hand_over(welcome: Welcome, *, to: Member, reason: str, by: Member) -> HandOver:
    """Ask somebody else to go on, and say why; until they say yes it stays where it is."""
    welcome = Welcome.objects.lock(welcome)
    policies.can_hand_over(by, welcome).enforce()
    if not reason.strip():
        raise Refused(_("Say why, in a few words: whoever takes over begins with it."))
    if to.pk == welcome.welcomer_id:
        raise Refused(_("They welcome this person already."))
    policies.can_be_given(to, welcome).enforce()
    now = timezone.now()
    HandOver.objects.filter(welcome=welcome, answered_at=None).update(answered_at=now)
    asked = HandOver.objects.create(welcome=welcome, to=to, by=by, reason=reason.strip()[:300])
    if to.pk == by.pk:
        asked.answered_at, asked.accepted = now, True
        asked.save(update_fields=["answered_at", "accepted"])
        _give(welcome, to)
        return asked
    feed.record(
        "welcomes.handed_over",
        actor=by,
        space=welcome.space,
        member=to.pk,
        name=welcome.member.display_name,
        welcome=welcome.pk,
    )
    return asked


@transaction.atomic
def answer_hand_over(welcome: Welcome, *, yes: bool, by: Member) -> Welcome:
    welcome = Welcome.objects.lock(welcome)
    asked = HandOver.objects.filter(welcome=welcome, to=by, answered_at=None).first()
    if asked is None or welcome.closed_at:
        raise Refused(_("Nobody asks you any more."))
    if yes:
        policies.can_be_given(by, welcome).enforce()
    asked.answered_at, asked.accepted = timezone.now(), yes
    asked.save(update_fields=["answered_at", "accepted"])
    if yes:
        return _give(welcome, by)
    return welcome


# Between the two


@transaction.atomic
def write_to(welcome: Welcome, *, channel: str, by: Member, text: str = "") -> Contact:
    """A try to be in touch. With a text it goes to them by mail; the text is not kept here."""
    welcome = Welcome.objects.lock(welcome)
    policies.can_act(by, welcome).enforce()
    tried = Contact.objects.create(welcome=welcome, by=by, channel=_channel(channel))
    if text.strip():
        if channel != Channel.MAIL:
            raise Refused(_("Only mail is sent from here. Choose mail, or leave the text empty."))
        lately = welcome.contacts.filter(
            channel=Channel.MAIL, answered=False, at__gt=timezone.now() - timedelta(days=1)
        )
        if lately.exclude(pk=tried.pk).count() >= MAILS_A_DAY:
            raise Refused(_("Two mails a day are enough. Give them time, or try another way."))
        _say_hello(welcome, text.strip()[:4000], by)
    return tried


def _say_hello(welcome: Welcome, text: str, by: Member) -> None:
    """By mail; to who wants mail to be discreet it is said among the two, where it stays."""
    if mail.is_discreet(welcome.member):
        room = chat.open_direct([welcome.member], by=by)
        chat.post_message(room, text=text, client_id=uuid.uuid4(), by=by)
        return
    mail.send("welcomes.hello", to=welcome.member.email, actor=by, text=text, space=welcome.space)


@transaction.atomic
def heard_from(welcome: Welcome, *, channel: str, by: Member) -> Welcome:
    """They answered: the two are in touch."""
    welcome = Welcome.objects.lock(welcome)
    policies.can_act(by, welcome).enforce()
    return _reached(welcome, by, _channel(channel))


@transaction.atomic
def say_how(welcome: Welcome, *, reach_by: str, by: Member) -> Welcome:
    """The newcomer says how to reach them best. If somebody has written, that is their answer."""
    welcome = Welcome.objects.lock(welcome)
    _own(welcome, by)
    welcome.reach_by = " ".join(reach_by.split())[:200]
    welcome.save(update_fields=["reach_by"])
    if welcome.reach_by and welcome.contacts.filter(answered=False).exists():
        return _reached(welcome, by, Channel.MESSAGE)
    return welcome


@transaction.atomic
def talked(welcome: Welcome, *, channel: str, consent: str, note: str, by: Member) -> Conversation:
    """The two talked. What matters to them is noted only if they said yes to it."""
    welcome = Welcome.objects.lock(welcome)
    policies.can_act(by, welcome).enforce()
    if consent not in Conversation.Consent.values:
        raise Refused(_("Say whether they agree that you note something."))
    note = note.strip()
    if note and consent == Conversation.Consent.NOT_ASKED:
        raise Refused(_("Ask them first whether you may note it. Or leave the note empty."))
    kept = note[:1000] if consent == Conversation.Consent.YES else ""
    held = Conversation.objects.create(
        welcome=welcome, by=by, channel=_channel(channel), consent=consent, note=kept
    )
    _reached(welcome, by, held.channel)
    if welcome.state != State.PLUGGED_IN:
        welcome.state, welcome.not_now_until = State.HELD, None
        welcome.save(update_fields=["state", "not_now_until"])
    return held


@transaction.atomic
def take_yes_back(talk: Conversation, *, by: Member) -> Conversation:
    """The newcomer takes back that something was noted: it is gone, that they talked stays."""
    welcome = Welcome.objects.lock(talk.welcome)
    if welcome.member_id != by.pk:  # also when the welcome is over: a yes can always be taken back
        raise Refused(_("Only the person themselves can say this."))
    talk = Conversation.objects.select_for_update(of=("self",)).get(pk=talk.pk)
    if talk.taken_back_at is None:
        talk.note, talk.taken_back_at = "", timezone.now()
        talk.save(update_fields=["note", "taken_back_at"])
    return talk


@transaction.atomic
def agree_step(welcome: Welcome, *, what: str, due_on: date, by: Member) -> Commitment:
    """Their first step: what, and by when. With it they have arrived."""
    welcome = Welcome.objects.lock(welcome)
    policies.can_act(by, welcome).enforce()
    if not what.strip():
        raise Refused(_("Say what they will do, in a few words."))
    if due_on < timezone.localdate():
        raise Refused(_("Choose a day that is still to come."))
    made = Commitment.objects.create(
        member=welcome.member,
        what=" ".join(what.split())[:200],
        due_on=due_on,
        welcome=welcome,
        witness=by,
    )
    if welcome.reached_at is None:
        _reached(welcome, by, Channel.MET)
    _close(welcome, State.PLUGGED_IN)
    feed.record("welcomes.step_agreed", actor=by, space=welcome.space, member=welcome.member_id)
    return made


@transaction.atomic
def not_now(welcome: Welcome, *, until: date, by: Member) -> Welcome:
    """They would rather not now: nobody asks before that day."""
    welcome = Welcome.objects.lock(welcome)
    policies.can_act(by, welcome).enforce()
    if until <= timezone.localdate():
        raise Refused(_("Choose a day that is still to come."))
    if welcome.reached_at is None:
        _reached(welcome, by, Channel.MESSAGE)
    welcome.state, welcome.not_now_until = State.NOT_NOW, until
    welcome.save(update_fields=["state", "not_now_until"])
    return welcome


@transaction.atomic
def give_up(welcome: Welcome, *, by: Member) -> Welcome:
    """After three tries in two ways: not reached. They can still write themselves."""
    welcome = Welcome.objects.lock(welcome)
    policies.can_give_up(by, welcome).enforce()
    return _close(welcome, State.UNREACHABLE)


@transaction.atomic
def ask_for_another(welcome: Welcome, *, by: Member) -> Welcome:
    """The newcomer would rather be met by somebody else; no reason is asked for."""
    welcome = Welcome.objects.lock(welcome)
    _own(welcome, by)
    if welcome.welcomer_id is None:
        return welcome
    Refusal.objects.get_or_create(welcome=welcome, welcomer=welcome.welcomer)
    give_back(welcome)
    return Welcome.objects.get(pk=welcome.pk)


def _channel(channel: str) -> str:
    if channel not in Channel.values:
        raise Refused(_("Say how you were in touch."))
    return channel


def _own(welcome: Welcome, by: Member) -> None:
    if welcome.member_id != by.pk:
        raise Refused(_("Only the person themselves can say this."))
    if welcome.closed_at:
        raise Refused(policies.GONE)


def _reached(welcome: Welcome, by: Member, channel: str) -> Welcome:
    Contact.objects.create(welcome=welcome, by=by, channel=channel, answered=True)
    if welcome.reached_at is None:
        welcome.reached_at = timezone.now()
    if welcome.state in Welcome.WAITING:
        welcome.state = State.REACHED
    welcome.save(update_fields=["reached_at", "state"])
    return welcome


def _close(welcome: Welcome, state: str) -> Welcome:
    now = timezone.now()
    welcome.state, welcome.closed_at = state, now
    welcome.save(update_fields=["state", "closed_at"])
    HandOver.objects.filter(welcome=welcome, answered_at=None).update(answered_at=now)
    return welcome


# What the clock does


def look_after_newcomers() -> int:
    """Whoever was missed, has nobody, or has somebody who cannot; how many were seen to."""
    return _let_go() + _missed() + _orphaned() + _come_back()


def _missed(limit: int = 500) -> int:
    """New people whom no follow-up put into anybody's hands, and those who have nobody yet."""
    since = timezone.now() - NEW_FOR
    fresh = Member.objects.present().filter(
        onboarded_at__isnull=False,
        membership__space__kind=Space.ROOT,
        membership__joined_at__gt=since,
        membership__ring__lt=Ring.STEWARD,
        welcomes=None,
    )
    alone = Welcome.objects.open().filter(welcomer=None).exclude(state=State.NOT_NOW)
    alone.filter(state=State.ASSIGNED).update(state=State.UNASSIGNED)  # their account is gone
    waiting = Member.objects.filter(pk__in=alone.values("member"))
    if not Welcomer.objects.on_duty().exists():
        waiting = waiting.none()
    people = [*fresh.order_by("-pk")[:limit], *waiting.order_by("pk")[:limit]]
    return sum(1 for person in people if (held := begin(person)) and held.welcomer_id)


def _orphaned() -> int:
    """In the hands of somebody who left the space, is not here, or is kept away by either."""
    held = Welcome.objects.open().filter(welcomer__isnull=False).exclude(state=State.NOT_NOW)
    found = 0
    for welcome in held.select_related("welcomer").order_by("pk").iterator():
        here = Membership.objects.filter(space=welcome.space_id, member=welcome.welcomer_id)
        apart = welcome.member_id in welcome.welcomer.kept_apart_ids
        if apart or not welcome.welcomer.is_present or not here.exists():
            found += give_back(welcome)
    return found


def _let_go() -> int:
    """Newcomers who left again."""
    here = Membership.objects.filter(space__kind=Space.ROOT).values("member")
    gone = Welcome.objects.open().exclude(member__in=here, member__is_active=True)
    gone = Welcome.objects.open().filter(pk__in=gone.values("pk"))
    return gone.update(closed_at=timezone.now())


def _come_back() -> int:
    """The day of “not now” has come: they stand in the queue again, as somebody one knows."""
    due = Welcome.objects.open().filter(
        state=State.NOT_NOW, not_now_until__lte=timezone.localdate()
    )
    return due.update(state=State.REACHED, not_now_until=None)
