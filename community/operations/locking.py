"""Locking one's own account, when somebody else may be in it."""

from __future__ import annotations

from django.db import transaction

from community import audit, erasing
from community.models import Member


@transaction.atomic
def lock_account(member: Member, *, by: Member) -> int:
    """Sign out everywhere, and let no password open it; how many sessions ended. Whoever reads its
    mailbox and holds its second lock comes back by a code."""
    member = Member.objects.select_for_update().get(pk=member.pk)
    member.set_unusable_password()
    member.save(update_fields=["password"])
    ended = erasing.end_sessions(member)
    audit.record("accounts.locked", by=by, person=member, count=ended)
    member.forget()
    return ended
