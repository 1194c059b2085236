"""Knows how the list of people is searched: by name, and by what each lets the searcher read."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from community import profiles
from community.models import Member, Membership

ORDER = ("sort_name", "id")
_WORD = re.compile(r"[^\s,;]+")


def search(viewer: Member, wanted: dict[str, Any]) -> QuerySet[Member]:
    """People listed to the viewer that fit every filter given, ready to be paged by ORDER.

    A filter on a field only finds those who let the viewer read it.
    """
    found = (
        Member.objects.listed_to(viewer).select_related("avatar").annotate(sort_name=Lower("name"))
    )
    for word in _WORD.findall(wanted.get("q") or "")[:5]:
        found = found.filter(Q(name__unaccent__icontains=word) | Q(handle__icontains=word))
    if wanted.get("area"):
        match = Q(area__unaccent__icontains=wanted["area"])
        found = profiles.with_field(found, "area", viewer, match)
    if wanted.get("language"):
        match = Q(spoken_languages__unaccent__icontains=wanted["language"])
        found = profiles.with_field(found, "spoken_languages", viewer, match)
    for word in _WORD.findall(wanted.get("can") or "")[:5]:
        found = _able(found, viewer, word)
    if wanted.get("group"):
        # Only groups of whose people one is told: who is in another one is not found out here.
        here = Membership.objects.filter(
            member=OuterRef("pk"), space=wanted["group"], space__in=profiles.circles(viewer)
        )
        found = found.filter(Exists(here))
    return found


def _able(found: QuerySet[Member], viewer: Member, word: str) -> QuerySet[Member]:
    able = [
        profiles.with_field(
            Member.objects.all(), field, viewer, Q(**{f"{field}__unaccent__icontains": word})
        ).values("pk")
        for field in ("skills", "ask_me_about", "about")
    ]
    return found.filter(Q(pk__in=able[0]) | Q(pk__in=able[1]) | Q(pk__in=able[2]))
