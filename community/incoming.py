"""Knows what becomes of a mail that came in: an answer posted, a trouble noted, or nothing.

Posting goes through the operation that the page calls, in the name of the person we wrote to, if
the mail comes from their address. Whoever is known and is refused gets a plain sentence back, with
their words; everybody else hears nothing. No Message-ID is ever posted twice.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community import letters_in, mail, replies, returned
from community.letters_in import Incoming
from community.models import (
    Announcement,
    Comment,
    Item,
    Media,
    Member,
    ReceivedMail,
    Room,
    Urgency,
)
from community.operations import chat, comments
from community.operations.media import store_upload
from community.policies import Refused
from community.replies import Reply

log = logging.getLogger(__name__)

Outcome = ReceivedMail.Outcome

PER_PERSON = ((20, timedelta(minutes=10)), (60, timedelta(hours=1)))
PER_SITE = ((50, timedelta(minutes=1)), (120, timedelta(minutes=5)), (600, timedelta(hours=1)))
MOST_ANSWERS = 5
"""Refusals told to one person in an hour: two machines never talk to each other for long."""
MOST_FILES = 10
_NAMESPACE = uuid.UUID("6f1c7a52-8a0e-4f0b-9a55-2d3b8f1f1d7e")


class Later(Exception):
    """Too much came in at once: the mail server keeps it and brings it again."""


@dataclass(frozen=True)
class Done:
    outcome: str
    why: str = ""
    made: Any = None


def receive(raw: bytes, *, recipient: str = "", is_cut: bool = False) -> Done:
    """Deal with one mail. ``is_cut``: it was larger than allowed, and only its head is here."""
    found = letters_in.read(raw, recipient)
    if ReceivedMail.objects.filter(digest=found.digest).exists():
        return Done(Outcome.DROPPED, "came before")
    if found.is_report or any(replies.bounced(one) for one in found.addresses):
        ours = found.is_report and returned.note(found)
        return _keep(found, Done(Outcome.RETURNED if ours else Outcome.DROPPED, "report"))
    if found.is_automatic or found.is_forged:
        why = "written by a machine" if found.is_automatic else "not proven to be from its sender"
        return _keep(found, Done(Outcome.DROPPED, why))
    reply = next(filter(None, map(replies.read, found.addresses)), None)
    member = reply and Member.objects.filter(pk=reply.member, is_active=True).first()
    if member is None:
        return _keep(found, Done(Outcome.DROPPED, "no address of ours"))
    # Counted among what came to addresses that we gave out: strangers hold up nobody's reply.
    _not_too_much(ReceivedMail.objects.exclude(member=None), PER_SITE, Later)
    if found.sender != member.email.lower():
        return _keep(found, Done(Outcome.DROPPED, "from another address"))
    with translation.override(member.language):
        return _answer(found, reply, member, is_cut)


def _answer(found: Incoming, reply: Reply, member: Member, is_cut: bool) -> Done:
    try:
        if is_cut:
            raise Refused(
                _("Your mail is larger than %(most)s MB. Put large files on the site instead.")
                % {"most": settings.MAIL_IN_MB}
            )
        _not_too_much(ReceivedMail.objects.filter(member=member), PER_PERSON)
        if not found.text and not found.files:
            raise Refused(_("We found no words of yours in it. Write above what you answer."))
        tokens = [media.token for media in _stored(found, member)]
        with transaction.atomic():
            kept = Done(Outcome.POSTED)
            _record(found, kept, member)  # first: of two at once, the second ends here
            made = _post(found, reply, member, tokens)
            return Done(Outcome.POSTED, made=made)
    except IntegrityError:
        if ReceivedMail.objects.filter(digest=found.digest).exists():
            return Done(Outcome.DROPPED, "came before")
        raise
    except (Refused, ValidationError) as error:
        return _refuse(found, member, _sentence(error))


def _post(found: Incoming, reply: Reply, member: Member, tokens: list[str]) -> Any:
    if reply.kind == replies.ROOM:
        room = Room.objects.visible_to(member).filter(pk=reply.number).first()
        if room is None:
            raise Refused(_("This conversation is no longer there for you."))
        return _say(found, room, member, tokens)
    if reply.kind == replies.PERSON:
        return _tell(found, reply.number, member, tokens)
    item = Item.objects.visible_to(member).filter(pk=reply.number).first()
    if item is None:
        raise Refused(_("What you answered is no longer there for you."))
    if item.kind == Announcement.KIND:
        author = Member.objects.present().filter(pk=item.author_id).first()
        if author is None or author.pk == member.pk:
            raise Refused(_("Nobody is there to answer. Write below it on the site."))
        return _tell(found, author.pk, member, tokens)
    parent = None
    if item.kind == comments.KIND:
        parent = Comment.objects.select_related("item", "parent").get(pk=item.pk)
        item = parent.item
    return comments.post_comment(item, text=found.text, by=member, parent=parent, media=tokens)


def _tell(found: Incoming, to: int, member: Member, tokens: list[str]) -> Any:
    """Into the conversation with somebody who wrote to them, begun where there is none."""
    person = Member.objects.present().filter(pk=to).exclude(pk=member.pk).first()
    if person is None:
        raise Refused(_("This person is no longer here."))
    return _say(found, chat.open_direct([person], by=member), member, tokens)


def _say(found: Incoming, room: Room, member: Member, tokens: list[str]) -> Any:
    again = uuid.uuid5(_NAMESPACE, found.digest)
    return chat.post_message(room, text=found.text, client_id=again, by=member, media=tokens)


def _stored(found: Incoming, member: Member) -> list[Media]:
    """Its files, through the checks of every upload; one that fails refuses the whole mail."""
    if len(found.files) > MOST_FILES:
        raise Refused(
            ngettext(
                "At most %(n)s file fits in a mail.",
                "At most %(n)s files fit in a mail.",
                MOST_FILES,
            )
            % {"n": MOST_FILES}
        )
    kept = []
    for file in found.files:
        upload = SimpleUploadedFile(file.name, file.data, content_type=file.type)
        try:
            kept.append(store_upload(upload, purpose=Media.Purpose.ATTACHMENT, by=member))
        except ValidationError as error:
            raise Refused(f"{file.name}: {_sentence(error)}") from error
    return kept


def _not_too_much(rows: Any, limits: Any, stop: type[Exception] | None = None) -> None:
    now = timezone.now()
    for most, window in limits:
        if rows.filter(created_at__gt=now - window).count() >= most:
            if stop is not None:
                raise stop
            raise Refused(_("You sent a lot of mail at once. Wait a little, then send it again."))


def _refuse(found: Incoming, member: Member, sentence: str) -> Done:
    lately = ReceivedMail.objects.filter(
        member=member,
        outcome=Outcome.REFUSED,
        created_at__gt=timezone.now() - timedelta(hours=1),
    )
    tells = lately.count() < MOST_ANSWERS
    with transaction.atomic():
        if tells:
            headers = [("Auto-Submitted", "auto-replied")]
            if found.message_id and "\n" not in found.message_id:
                headers += [("In-Reply-To", found.message_id), ("References", found.message_id)]
            mail.send(
                "mail.refused",
                to=member.email,
                letter=mail.Letter(urgency=Urgency.NOW, headers=tuple(headers)),
                sentence=sentence,
                words=found.text,
            )
        return _keep(found, Done(Outcome.REFUSED, sentence), member)


def _keep(found: Incoming, done: Done, member: Member | None = None) -> Done:
    try:
        with transaction.atomic():
            _record(found, done, member)
    except IntegrityError:
        log.info("A mail came twice at once")
    return done


def _record(found: Incoming, done: Done, member: Member | None) -> None:
    why = "" if done.outcome == Outcome.REFUSED else done.why[:200]
    ReceivedMail.objects.create(digest=found.digest, member=member, outcome=done.outcome, why=why)


def _sentence(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(map(str, error.messages))
    return str(getattr(error, "reason", error))
