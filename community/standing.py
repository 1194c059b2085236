"""Knows whether something that moderators decided keeps a member from an act."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from community.models import Member
from community.verdicts import SIGN_IN, YES, Verdict, no

ALWAYS = frozenset({"report", "appeal", "answer"})
"""What nobody is kept from: saying that something is wrong, and speaking for oneself."""


WRITING = frozenset({"comment", "post", "edit", "invite", "upload", "propose"})
"""What waits until a needed agreement is accepted."""


def in_good_standing(member: Member | None, act: str) -> Verdict:
    """Whether nothing that moderators decided keeps the member from ``act`` ("comment", "react",
    "post", "edit", "invite", "upload", "propose", "ask"). For visitors: that they sign in."""
    if member is None or not member.is_authenticated:
        return no(SIGN_IN)
    if act in WRITING and member.owes_a_yes:
        return no(_("Read what we agree on and accept it first: “What we agree on”. Then write."))
    if act in ALWAYS or not (member.is_suspended or member.open_measures):
        return YES
    if member.is_suspended:
        return not_suspended(member)
    for held in member.open_measures:
        begins = parse_datetime(held["begins"] or "")
        if held["kind"] == "limit" and begins and begins <= timezone.now():
            return no(
                _("Until %(date)s you can read here, not write. Your page “My case” says why.")
                % {"date": _day(parse_datetime(held["ends"]))}
            )
        if held["kind"] == "warn" and act != "react":
            return no(
                _("Read the warning on your page “My case” first. What you wrote stays here.")
            )
    return YES


def not_suspended(member: Member) -> Verdict:
    """For what somebody may do who only reads: come in, say yes to an offer."""
    if not member.is_suspended:
        return YES
    return no(
        _("You are suspended until %(date)s. Your page “My case” says why, and what you can do.")
        % {"date": _day(member.suspended_until)}
    )


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
