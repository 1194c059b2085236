"""Mail that came back or came in."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from community.models import MailTrouble, Member, Suppression
from community.personal import Holding, declare
from community.suppression import KEEP_TROUBLE


def _troubles(member: Member):
    return MailTrouble.objects.filter(address=member.email.lower())


def _suppressed(member: Member):
    return Suppression.objects.filter(address=member.email.lower())


declare(
    Holding(
        model="community.MailTrouble",
        people=(),
        rows=_troubles,
        label=_("Mail to you that came back"),
        purpose=_("So that we stop writing to a mailbox that is not there."),
        shelf="told",
        kept=KEEP_TROUBLE,
        since="created_at",
        despite_hold=True,
        export=("kind", "detail", "created_at"),
        erase=lambda member: _troubles(member).delete(),
        at_once=True,
    ),
    Holding(
        model="community.Suppression",
        people=(),
        rows=_suppressed,
        label=_("Why we write to you only when we must"),
        purpose=_("So that we stop writing to a mailbox that is not there."),
        shelf="told",
        kept_words=_("until mail arrives again"),
        export=("why", "detail", "created_at", "until"),
        erase=lambda member: _suppressed(member).delete(),
        at_once=True,
    ),
    Holding(
        model="community.ReceivedMail",
        people=("member",),
        label=_("Mail you sent us"),
        purpose=_("So that nothing is posted twice, and nobody floods us. Its words are not kept."),
        shelf="told",
        kept=timedelta(days=30),
        since="created_at",
        despite_hold=True,
        export=("outcome", "created_at"),
        erase="delete",
        at_once=True,
    ),
)
