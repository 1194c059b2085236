"""Mail on its way and the audit log, as staff look at them."""

from __future__ import annotations

import re

from django.contrib import admin
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community import audit
from community.admin.site import Looked, StaffSite, column
from community.models import AuditEntry, Member, OutboxMail

_ADDRESS = re.compile(r"[^\s<>@\"']+@([\w.-]+)")


def without_names(text: str) -> str:
    """A text whose mail addresses show only where they lead: …@example.org."""
    return _ADDRESS.sub(r"…@\1", text)


class MailAdmin(Looked):
    """Whether mail gets out. Not what it says, nor to whom: subjects tell of closed groups."""

    one, many = _("Mail"), _("Mail on its way")
    list_display = (
        column("pk", _("Number")),
        "receiver",
        column("created_at", _("Written")),
        column("sent_at", _("Sent")),
        column("failed_at", _("Given up")),
        column("attempts", _("Tries")),
        "trouble",
    )
    ordering = ("-created_at", "-pk")
    fields = readonly_fields = (*list_display, column("next_try_at", _("Next try")))

    def scoped(self, rows: QuerySet, member: Member) -> QuerySet:
        return rows.only("pk", "to", "error", "created_at", "sent_at", "failed_at", "attempts")

    @admin.display(description=_("To"))
    def receiver(self, mail: OutboxMail) -> str:
        return without_names(mail.to)

    @admin.display(description=_("Last error"))
    def trouble(self, mail: OutboxMail) -> str:
        return without_names(mail.error)


class AuditAdmin(Looked):
    one, many = _("Entry of the audit log"), _("Audit log")
    list_display = (
        column("at", _("When")),
        "act",
        column("by_id", _("By number")),
        column("role", _("As")),
        column("person_id", _("About number")),
        column("space_id", _("In group number")),
        column("reason", _("Reason"), sorts=False),
    )
    ordering = ("-at", "-pk")
    fields = readonly_fields = (
        column("number", _("Number")),
        *list_display,
        column("item_id", _("Item number")),
        column("data", _("Details")),
        column("previous", _("Digest before it")),
        column("digest", _("Digest")),
    )

    def scoped(self, rows: QuerySet, member: Member) -> QuerySet:
        return rows.visible_to(member)

    def list_tools(self, request: object) -> list[tuple[str, str]]:
        return [(str(_("Read it with names")), reverse("desk_audit"))]

    @admin.display(description=_("What was done"), ordering="action")
    def act(self, entry: AuditEntry) -> str:
        return str(audit.act(entry.action).label)


def register(site: StaffSite) -> None:
    site.register(OutboxMail, MailAdmin)
    site.register(AuditEntry, AuditAdmin)
