"""A newcomer in somebody's hands: given, tried, reached, talked with."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import chat_policies, feed, mail, replies
from community.models import Member, Ring
from community.operations import chat
from community.policies import Refused
from leadership import choosing, policies
from leadership.models import (
    Channel,
    Contact,
    Conversation,
    HandOver,
    Refusal,
    Welcome,
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
    feed.record(
        "welcomes.given",
        actor=None,
        space=welcome.space,
        member=to.pk,
        name=welcome.member.display_name,
        named=welcome.member_id,
    )
    feed.record(
        "welcomes.promised",
        actor=None,
        space=welcome.space,
        member=welcome.member_id,
        name=to.display_name,
        named=to.pk,
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
        named=welcome.member_id,
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
    """A try to be in touch. With a text it goes to them by mail; the text is not kept here.

    Where the site takes mail, their answer to it stands in the conversation of the two.
    """
    welcome = Welcome.objects.lock(welcome)
    policies.can_follow_up(by, welcome).enforce()
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
    mail.send(
        "welcomes.hello",
        to=welcome.member.email,
        letter=mail.Letter(sender=by.display_name, reply_to=_way_back(welcome.member, by)),
        actor=by,
        text=text,
        space=welcome.space,
    )


def _way_back(newcomer: Member, to: Member) -> str:
    """Where their answer to a mail goes; empty where it would be refused."""
    may = chat_policies.can_write_to(newcomer, to)
    return replies.person_address(newcomer, to.pk) if may else ""


@transaction.atomic
def heard_from(welcome: Welcome, *, channel: str, by: Member) -> Welcome:
    """They answered: the two are in touch."""
    welcome = Welcome.objects.lock(welcome)
    policies.can_follow_up(by, welcome).enforce()
    return note_in_touch(welcome, by=by, channel=_channel(channel))


@transaction.atomic
def say_how(welcome: Welcome, *, reach_by: str, by: Member) -> Welcome:
    """The newcomer says how to reach them best. If somebody has written, that is their answer."""
    welcome = Welcome.objects.lock(welcome)
    _own(welcome, by)
    welcome.reach_by = " ".join(reach_by.split())[:200]
    welcome.save(update_fields=["reach_by"])
    if welcome.reach_by and welcome.contacts.filter(answered=False).exists():
        return note_in_touch(welcome, by=by, channel=Channel.MESSAGE)
    return welcome


@transaction.atomic
def talked(welcome: Welcome, *, channel: str, consent: str, note: str, by: Member) -> Conversation:
    """The two talked. What matters to them is noted only if they said yes to it."""
    welcome = Welcome.objects.lock(welcome)
    policies.can_follow_up(by, welcome).enforce()
    if consent not in Conversation.Consent.values:
        raise Refused(_("Say whether they agree that you note something."))
    note = note.strip()
    if note and consent == Conversation.Consent.NOT_ASKED:
        raise Refused(_("Ask them first whether you may note it. Or leave the note empty."))
    kept = note[:1000] if consent == Conversation.Consent.YES else ""
    held = Conversation.objects.create(
        welcome=welcome, by=by, channel=_channel(channel), consent=consent, note=kept
    )
    note_in_touch(welcome, by=by, channel=held.channel)
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
def not_now(welcome: Welcome, *, until: date, by: Member) -> Welcome:
    """They would rather not now: nobody asks before that day."""
    welcome = Welcome.objects.lock(welcome)
    policies.can_act(by, welcome).enforce()
    if until <= timezone.localdate():
        raise Refused(_("Choose a day that is still to come."))
    if welcome.reached_at is None:
        note_in_touch(welcome, by=by, channel=Channel.MESSAGE)
    welcome.state, welcome.not_now_until = State.NOT_NOW, until
    welcome.save(update_fields=["state", "not_now_until"])
    return welcome


@transaction.atomic
def give_up(welcome: Welcome, *, by: Member) -> Welcome:
    """After three tries in two ways: not reached. They can still write themselves."""
    welcome = Welcome.objects.lock(welcome)
    policies.can_give_up(by, welcome).enforce()
    return close(welcome, State.UNREACHABLE)


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


@transaction.atomic
def note_in_touch(welcome: Welcome, *, by: Member, channel: str) -> Welcome:
    """Both spoke: part of what is done to a welcome that is locked."""
    Contact.objects.create(welcome=welcome, by=by, channel=channel, answered=True)
    if welcome.reached_at is None:
        welcome.reached_at = timezone.now()
    if welcome.state in Welcome.WAITING:
        welcome.state = State.REACHED
    welcome.save(update_fields=["reached_at", "state"])
    return welcome


def close(welcome: Welcome, state: str) -> Welcome:
    """The end of a welcome that is locked."""
    now = timezone.now()
    welcome.state, welcome.closed_at = state, now
    welcome.save(update_fields=["state", "closed_at"])
    HandOver.objects.filter(welcome=welcome, answered_at=None).update(answered_at=now)
    return welcome
