"""What is written down of people who lost their second factor, and of who stood up for them."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from community.personal import Holding, declare

KEPT = timedelta(days=365)

declare(
    Holding(
        model="community.Recovery",
        people=("member",),
        label=_("That your second lock was lost, and how you were let in again"),
        purpose=_("So that nobody takes it off in your place, and you can see who let it happen."),
        shelf="signing_in",
        kept=KEPT,
        since="asked_at",
        export=("asked_at", "ready_at", "closed_at", "outcome"),
        erase="delete",
        at_once=True,
        link="lost_factor",
    ),
    Holding(
        model="community.RecoveryYes",
        people=("recovery__member",),
        label=_("How others knew that it was you"),
        purpose=_("The written proof of two people who spoke to you."),
        shelf="signing_in",
        kept=KEPT,
        since="at",
        export=("at", "role", "how", "proof"),
        erase="delete",
        at_once=True,
    ),
    Holding(
        model="community.RecoveryYes",
        people=("by",),
        label=_("People you stood up for who lost their second lock"),
        purpose=_("Who answers for it that it was them."),
        shelf="office",
        kept_words=_("as long as that person’s own record of it"),
        export=("at", "role", "how"),
        erase="unlink",
    ),
)
