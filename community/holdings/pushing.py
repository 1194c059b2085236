"""Devices to which notices are pushed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from community.personal import Holding, declare

declare(
    Holding(
        model="community.PushSubscription",
        people=("member",),
        label=_("Devices that get your notices"),
        purpose=_("So that notices reach you where you asked for them."),
        shelf="told",
        kept_words=_("until you or the device let go of it"),
        export=("name", "created_at", "reached_at"),
        erase="delete",
        at_once=True,
        link="push_devices",
    ),
)
