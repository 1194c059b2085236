"""Knows how what somebody said in chats is taken away with them; each part may run twice."""

from __future__ import annotations

import re
from collections import Counter

from django.db import transaction

from community import prose, stems
from community.models import Leaving, Member, Message, MessageMention, MessageReaction
from community.named import words

BATCH = 200


def let_go_of_messages(member: Member) -> None:
    """What they said stays without their name, or goes, as they chose when they left."""
    from community.operations.chat.messages import take_away

    leaving = Leaving.objects.filter(member=member).first()
    if leaving is not None and leaving.words == Leaving.Words.GO:
        rows = Message.objects.filter(author=member, deleted_at=None).order_by("pk")
        while batch := list(rows.values_list("pk", flat=True)[:BATCH]):
            with transaction.atomic():
                locked = Message.objects.filter(pk__in=batch).select_related("room")
                for message in locked.select_for_update(of=("self",), no_key=True).order_by("pk"):
                    take_away(message)
    while batch := list(Message.objects.filter(author=member).values_list("pk", flat=True)[:BATCH]):
        Message.objects.filter(pk__in=batch).update(author=None)


def take_back_signs(member: Member) -> None:
    """Their reactions in chats."""
    while batch := list(MessageReaction.objects.filter(member=member)[:BATCH]):
        with transaction.atomic():
            theirs = {reaction.message_id for reaction in batch}
            locked = Message.objects.filter(pk__in=theirs).order_by("pk")
            for message in locked.select_for_update(of=("self",), no_key=True):
                MessageReaction.objects.filter(message=message, member=member).delete()
                left = MessageReaction.objects.filter(message=message)
                message.reaction_counts = dict(Counter(left.values_list("emoji", flat=True)))
                message.save(update_fields=["reaction_counts"])


def replace_handle(before: str, handle: re.Pattern, instead: str, *, besides: Member) -> None:
    """``@before`` becomes ``instead`` in what others said; it leads to the member if that is how
    they are called now."""
    naming = Message.objects.filter(text__icontains=f"@{before}").order_by("pk")
    for pk in list(naming.values_list("pk", flat=True)):
        with transaction.atomic():
            message = Message.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
            text = handle.sub(instead, message.text)
            if text == message.text:
                continue
            people = {
                row.member.handle: (row.member_id, row.member.display_name)
                for row in MessageMention.objects.filter(message=pk).select_related("member")
                if row.member.handle
                and (row.member_id != besides.pk or instead == f"@{row.member.handle}")
            }
            circles = words().keys() if message.room.space_id else frozenset()
            html = prose.render(text, people=people, circles=circles, short=True)
            Message.objects.filter(pk=pk).update(text=text, html=html, search=stems.spoken(text))
