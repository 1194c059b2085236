"""Bringing an exchange from a chat into Talk, with the yes of those whose words it is."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community import chat, chat_policies, feed
from community.models import Bringing, BringingPart, Draft, Member, Message, Ring
from community.operations import drafts
from community.policies import Refused

MOST_PARTS = 20


@transaction.atomic
def ask_to_bring(message: Message, *, by: Member) -> Bringing:
    """Ask everybody who said something in the exchange of this message. Raises Refused.

    One's own words need nobody's yes. Whoever does not answer has said no.
    """
    chat_policies.can_bring_to_talk(by, message).enforce()
    root = message.thread_id or message.pk
    rows = chat.said_in(message.room, by).filter(deleted_at=None, is_forwarded=False)
    rows = chat.in_exchange(rows, root).exclude(author=None).exclude(text="").order_by("seq")
    parts = list(rows.select_related("author")[:MOST_PARTS])
    if not parts:
        raise Refused(_("There are no words here to bring."))
    made, now = Bringing.objects.create(room=message.room, by=by), timezone.now()
    BringingPart.objects.bulk_create(
        BringingPart(
            bringing=made,
            message=part,
            member=part.author,
            answer=BringingPart.Answer.NAMED if part.author_id == by.pk else "",
            answered_at=now if part.author_id == by.pk else None,
        )
        for part in parts
    )
    others = sorted({part.author_id for part in parts if part.author_id != by.pk})
    if others:
        feed.record(
            "chat.asked_to_bring",
            actor=by,
            space=message.room.space,
            message=message,
            room=message.room_id,
            bringing=made.pk,
            members=others,
        )
    return made


@transaction.atomic
def answer_to_bring(bringing: Bringing, *, answer: str, by: Member) -> None:
    """Say whether one's words may stand in Talk, and with one's name; until it is done."""
    bringing = Bringing.objects.select_for_update(of=("self",), no_key=True).get(pk=bringing.pk)
    if bringing.done_at:
        raise Refused(_("It was brought to Talk already."))
    if answer not in BringingPart.Answer.values:
        raise Refused(_("Choose one of the answers."))
    mine = bringing.parts.filter(member=by)
    if bringing.by_id == by.pk or not mine.update(answer=answer, answered_at=timezone.now()):
        raise Refused(_("None of this is in your words."))


@transaction.atomic
def bring_to_talk(bringing: Bringing, *, by: Member) -> Draft:
    """A draft of a topic with the words of those who said yes; its author sends it or not."""
    bringing = Bringing.objects.select_for_update(of=("self",), no_key=True).get(pk=bringing.pk)
    if bringing.by_id != by.pk:
        raise Refused(_("Only whoever began it brings it to Talk."))
    yes = (BringingPart.Answer.NAMED, BringingPart.Answer.UNNAMED)
    parts = bringing.parts.filter(
        answer__in=yes, message__deleted_at=None, message__hidden_at=None
    ).order_by("message__seq")
    lines = [_quoted(part) for part in parts.select_related("message", "member")]
    if not lines:
        raise Refused(_("Nobody has said yes yet."))
    room = bringing.room
    place = f"topic:{room.space_id}"
    begun = drafts.draft_at(place, by)
    text = "\n\n".join(filter(None, [begun.get("text", ""), *lines])) + "\n\n"
    ring = max(room.min_ring, Ring.PARTICIPANT)
    draft = drafts.save_draft(place, {**begun, "text": text, "ring": str(int(ring))}, by=by)
    bringing.done_at = timezone.now()
    bringing.save(update_fields=["done_at"])
    return draft


def _quoted(part: BringingPart) -> str:
    named = part.answer == BringingPart.Answer.NAMED
    name = part.member.display_name if named else _("Somebody")
    return "\n".join(f"> {line}" for line in (f"**{name}:**", *part.message.text.splitlines()))
