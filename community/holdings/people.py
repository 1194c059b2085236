"""Who somebody is, and how they sign in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from community import erasing
from community.models import Member
from community.personal import Holding, declare, stand_in

YEAR = timedelta(days=365)

stand_in("account.EmailAddress", "socialaccount.SocialAccount")

PROFILE = (
    "id",
    "email",
    "name",
    "handle",
    "pronouns",
    "language",
    "timezone",
    "theme",
    "saves_data",
    "area",
    "about",
    "skills",
    "spoken_languages",
    "ask_me_about",
    "profile_seen_by",
    "field_visibility",
    "in_directory",
    "wants",
    "onboarded_at",
    "joined_at",
    "last_seen_on",
    "last_login",
)


def _never_confirmed(now: datetime) -> QuerySet:
    """Accounts whose first run nobody ever finished, and who belong nowhere."""
    return Member.objects.filter(
        onboarded_at=None,
        joined_at__lt=now - timedelta(days=30),
        membership=None,
        staffrole=None,
        is_active=True,
    )


declare(
    Holding(
        model="community.Member",
        people=(),
        rows=lambda member: Member.objects.filter(pk=member.pk),
        label=_("Your profile and settings"),
        purpose=_("So that people know whom they talk to, as far as you choose to show it."),
        shelf="you",
        old=_never_confirmed,
        forget=erasing.erase_accounts,
        kept_words=_(
            "as long as you are a member, and half a year longer; 30 days if you never finish"
            " signing up"
        ),
        export=PROFILE,
        erase=erasing.empty_profile,
        link="edit_profile",
        order=99,
    ),
    Holding(
        model="account.EmailAddress",
        people=("user",),
        label=_("Your e-mail addresses"),
        purpose=_("So that you can sign in and we can write to you."),
        shelf="signing_in",
        kept_words=_("as long as you are a member"),
        export=("email", "verified", "primary"),
        erase="delete",
        at_once=True,
        link="account_email",
    ),
    Holding(
        model="account.EmailConfirmation",
        people=("email_address__user",),
        label=_("Addresses you were asked to confirm"),
        purpose=_("So that nobody signs up with an address of somebody else."),
        shelf="signing_in",
        kept=timedelta(days=30),
        since="created",
        export=("email_address__email", "created", "sent"),
        erase="delete",
        at_once=True,
        despite_hold=True,
    ),
    Holding(
        model="mfa.Authenticator",
        people=("user",),
        label=_("Your passkeys and second steps"),
        purpose=_("So that only you can sign in as you."),
        shelf="signing_in",
        kept_words=_("until you remove them, or leave"),
        export=("type", "created_at", "last_used_at"),
        erase="delete",
        at_once=True,
        link="security",
    ),
    Holding(
        model="socialaccount.SocialAccount",
        people=("user",),
        basis="consent",
        consent=("date_joined", "socialaccount_connections"),
        label=_("Other services you sign in with"),
        purpose=_("So that you can sign in with an account you already have."),
        shelf="signing_in",
        kept_words=_("until you remove them, or leave"),
        export=("provider", "uid", "extra_data", "date_joined", "last_login"),
        erase="delete",
        at_once=True,
        link="security",
    ),
    Holding(
        model="socialaccount.SocialToken",
        people=("account__user",),
        label=_("Keys of other services"),
        purpose=_("What the other service gave us when you signed in with it."),
        shelf="signing_in",
        kept_words=_("until you remove them, or leave"),
        export=None,
        withheld=_("A key is of no use to you, and dangerous in a file."),
        erase="delete",
        at_once=True,
    ),
    Holding(
        model="usersessions.UserSession",
        people=("user",),
        label=_("Where you are signed in"),
        purpose=_("So that you can see and end your sessions."),
        shelf="signing_in",
        kept_words=_("until you sign out, 90 days at most; where it came from for 30 days"),
        export=("ip", "user_agent", "created_at", "last_seen_at"),
        erase=erasing.end_sessions,
        at_once=True,
        link="usersessions_list",
        despite_hold=True,
    ),
    Holding(
        model="admin.LogEntry",
        people=("user",),
        label=_("What you did in the administration"),
        purpose=_("So that it can be said who changed what."),
        shelf="office",
        kept=2 * YEAR,
        since="action_time",
        export=("action_time", "action_flag"),
        erase="delete",
    ),
)
