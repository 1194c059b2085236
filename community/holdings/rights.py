"""What is written down of people who ask about their data, or leave."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from community import audit, exports
from community.models import AuditEntry, DataExport
from community.personal import Holding, declare

declare(
    Holding(
        model="community.Leaving",
        people=("member",),
        basis="duty",
        label=_("That you left, and when"),
        purpose=_("So that we know what to delete, and when."),
        shelf="care",
        kept_words=_("until everything is deleted; then only the date"),
        export=("words", "left_at", "erase_at", "cleared_at"),
        erase="keep",
        because=_("a date without a name, to prove that it was done"),
    ),
    Holding(
        model="community.LegalHold",
        people=("member",),
        basis="duty",
        label=_("That something about you must not be deleted for now"),
        purpose=_("A law or an open case can forbid that records are deleted."),
        shelf="care",
        kept_words=_("half a year longer than you are a member"),
        export=("placed_at", "lifted_at"),
        erase="delete",
    ),
    *(
        Holding(
            model="community.LegalHold",
            people=(key,),
            label=label,
            purpose=_("Who answers for a decision about a person."),
            shelf="office",
            kept_words=_("as long as that person’s own record of it"),
            export=(key.replace("_by", "_at"),),
            erase="unlink",
        )
        for key, label in (
            ("placed_by", _("Records you forbade to delete")),
            ("lifted_by", _("Records you allowed to be deleted again")),
        )
    ),
    Holding(
        model="community.RightsRequest",
        people=("member",),
        basis="duty",
        label=_("What you asked about your data"),
        purpose=_("So that you get an answer in time."),
        shelf="care",
        kept_words=_("as long as you are a member, and half a year longer"),
        export=("what", "text", "state", "created_at", "due_at", "answer", "answered_at"),
        erase="delete",
        link="record",
    ),
    Holding(
        model="community.RightsRequest",
        people=("answered_by",),
        label=_("Questions about data that you answered"),
        purpose=_("Who answers for a decision about a person."),
        shelf="office",
        kept_words=_("as long as that person’s own record of it"),
        export=("what", "state", "answered_at"),
        erase="unlink",
    ),
    Holding(
        model="community.DataExport",
        people=("member",),
        basis="duty",
        label=_("Copies of your data"),
        purpose=_("So that you can take everything with you."),
        shelf="care",
        old=lambda now: DataExport.objects.filter(expires_at__lt=now),
        forget=exports.forget,
        kept_words=_("7 days"),
        export=("asked_at", "ready_at", "size", "opened_at"),
        erase=exports.forget_all,
        at_once=True,
        link="record",
        despite_hold=True,
    ),
    Holding(
        model="community.AskedToStay",
        people=("member",),
        label=_("That we asked whether you want to stay"),
        purpose=_("Accounts that nobody has used for a year are not kept."),
        shelf="told",
        kept_words=_("until you answer, or come back"),
        export=("asked_at",),
        erase="delete",
    ),
    Holding(
        model="community.AuditEntry",
        people=(),
        part="person_id",
        basis="duty",
        rows=lambda member: AuditEntry.objects.filter(audit.told_of(member)),
        label=_("What people with a special role did about you"),
        purpose=_("So that power over others is answered for."),
        shelf="care",
        kept_words=_("for good"),
        export=("at", "action", "role"),
        erase="keep",
        because=_("an entry names people by a number only, which then belongs to nobody"),
    ),
    Holding(
        model="community.AuditEntry",
        people=(),
        part="by_id",
        rows=lambda member: AuditEntry.objects.filter(by_id=member.pk),
        label=_("What you did with a special role"),
        purpose=_("So that power over others is answered for."),
        shelf="office",
        kept_words=_("for good"),
        export=("at", "action", "role"),
        erase="keep",
        because=_("an entry names people by a number only, which then belongs to nobody"),
    ),
)
