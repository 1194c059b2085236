"""What the editor needs: drafts kept while one writes, a preview, names to mention."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import audience, lapsed, links, policies, profiles, prose
from community import drafts as begun
from community.alike import bare
from community.forms.writing import descriptions, media_tokens, typed
from community.htmx import load, respond, viewer
from community.models import Draft, Item, Media, Member, Membership, Ring, Room, Space
from community.models.bare import Bare
from community.named import named, word_for
from community.operations import drafts as operations
from community.operations import media as media_operations
from community.policies import Refused

MOST_NAMES = 8
_HANDLE = re.compile(r"[\w.-]{0,40}", re.UNICODE)


def brought(request: HttpRequest) -> list[str]:
    """Tokens of what came with a form; files sent without scripts are taken in first.

    Raises ValidationError with a sentence. Stands outside of transactions.
    """
    tokens = media_tokens(request.POST)
    for file in request.FILES.getlist("files"):
        stored = media_operations.store_upload(
            file, purpose=Media.Purpose.ATTACHMENT, by=request.user
        )
        tokens.append(stored.token)
    words = descriptions(request.POST)
    if words:
        mine = Media.objects.filter(owner=request.user, token__in=words)
        for medium in mine:
            if medium.alt != " ".join(words[medium.token].split())[:300]:
                media_operations.describe(medium, alt=words[medium.token], by=request.user)
    return tokens


def attached(tokens: list[str], member: Member) -> list[Media]:
    """What these tokens stand for, of what the member uploaded, in this order: for the editor."""
    found = {
        medium.token: medium for medium in Media.objects.filter(owner=member, token__in=tokens)
    }
    return [found[token] for token in tokens if token in found]


def editor(
    member: Member, place: str, *, kept: dict[str, Any] | None = None, **where: int
) -> dict[str, Any]:
    """What ``community/_editor.html`` is told: its addresses, its draft and what hangs on it.

    ``where`` says whose readers can be mentioned: ``item=`` or ``space=``.
    """
    found = operations.draft_row(place, member) if kept is None else None
    data = found.data if found else kept or {}
    query = "&".join(f"{name}={value}" for name, value in where.items())
    return {
        "place": place,
        "upload_url": reverse("upload_media"),
        "draft_url": reverse("save_draft"),
        "mentions_url": f"{reverse('mentions')}?{query}",
        "links_url": f"{reverse('item_links')}?{query}",
        "preview_url": f"{reverse('preview')}?{query}",
        "media": attached(data.get("media") or [], member) if data.get("media") else [],
        "draft_time": found.updated_at if found else None,
        "data": data,
    }


@require_POST
def save_draft(request: HttpRequest) -> HttpResponse:
    """Keep what was typed so far. 401 when the session has ended: the page then says so."""
    member = viewer(request)
    if member is None:
        lapsed.keep(request)
        return HttpResponse(status=401)
    place = request.POST.get("place", "")
    if not begun.is_place(place):
        return HttpResponse(status=422)
    try:
        operations.save_draft(place, typed(request.POST), by=member)
    except Refused as refused:
        return HttpResponse(str(refused.reason), status=422)
    return HttpResponse(status=204)


@login_required
@require_POST
def discard_draft(request: HttpRequest, pk: int) -> HttpResponse:
    found = Draft.objects.filter(member=request.user, pk=pk).first()
    if found is not None:
        operations.discard_draft(found.place, by=request.user)
    return redirect("drafts")


@login_required
@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """Everything begun and not sent."""
    context = {"drafts": begun.of(request.user)}
    return respond(request, "community/drafts.html", "community/_drafts.html", context)


@login_required
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The words as their readers will see them."""
    text = request.POST.get("text", "")[:20_000]
    space, ring, _author = where(request)
    people = audience.readers_of(space, ring)
    if policies.ring_of(request.user, space) < Ring.PARTICIPANT:
        # Who may not write here does not find out by trying which names there are.
        people = people.filter(pk__in=Member.objects.visible_to(request.user).values("pk"))
    called = named(text, people, space)
    tokens = set(prose.media_tokens(text))
    pictures = Media.objects.visible_to(request.user).filter(token__in=tokens) if tokens else []
    html = prose.render(
        text,
        people=called.people,
        circles=called.circles,
        media={medium.token: medium for medium in pictures},
    )
    return render(request, "community/_preview.html", {"html": html})


@require_safe
def mentions(request: HttpRequest) -> JsonResponse:
    """People who may read what is being written and whom the writer may know of; eight at most."""
    member = viewer(request)
    if member is None:
        return JsonResponse([], safe=False, status=401)
    q = request.GET.get("q", "").strip()
    number = request.GET.get("room", "")
    if number.isdecimal():
        room = load(Room, request, "space", "item__space", pk=int(number))
        readers = audience.listeners(room, member.pk)
        if room.is_direct:  # they all know of each other
            return JsonResponse(
                _names(readers.annotate(belongs=Value(True)), member, q, noted=False), safe=False
            )
        space, author = room.space, []
    else:
        space, ring, author = where(request)
        readers = audience.readers_of(space, ring)
    # Who is in a group is known to those who take part in it; others choose among whom they know.
    inside = space.pk in profiles.circles(member)
    present = Membership.objects.filter(space=space, member=OuterRef("pk"))
    belongs = Exists(present if inside else present.none())
    known = Member.objects.visible_to(member).values("pk")
    people = readers.annotate(belongs=belongs).filter(
        Q(belongs=True, onboarded_at__isnull=False) | Q(pk__in=known)
    )
    found = _names(people.exclude(pk__in=author), member, q, noted=inside)
    return JsonResponse([*found, *_circles(space, member, q)][:MOST_NAMES], safe=False)


def _circles(space: Space, member: Member, q: str) -> list[dict[str, Any]]:
    """Words for several people of the space that begin like ``q``, for who takes part there."""
    if not q or policies.ring_of(member, space) < Ring.PARTICIPANT:
        return []
    labels = {word_for(ring): Ring(ring).label for ring in (Ring.STEWARD, Ring.CORE)}
    return [
        {
            "insert": f"@{word} ",
            "handle": word,
            "name": f"@{word}",
            "note": f"{label} · {space.name}",
            "initials": space.initials,
            "hue": space.hue,
            "avatar": "",
        }
        for word, label in labels.items()
        if word.startswith(q.lower())
    ]


def _names(people: QuerySet, member: Member, q: str, *, noted: bool) -> list[dict[str, Any]]:
    """Those of ``people`` whose name begins like ``q``, as the editor's list takes them."""
    if not _HANDLE.fullmatch(q):
        return []
    people = (
        people.exclude(pk__in=[*member.kept_apart_ids, member.pk])
        .exclude(handle=None)
        .select_related("avatar")
        .order_by("-belongs", "name", "pk")
    )
    if q:
        said = bare(q)
        people = people.alias(bare=Bare("name")).filter(
            Q(bare__startswith=said) | Q(bare__contains=f" {said}") | Q(handle__istartswith=said)
        )
    return [
        {
            "insert": f"@{person.handle} ",
            "handle": person.handle,
            "name": person.display_name,
            "note": f"@{person.handle}" if person.belongs or not noted else _("not in this group"),
            "initials": person.initials,
            "hue": person.hue,
            "avatar": person.avatar.url("small") if person.avatar else "",
        }
        for person in people[:MOST_NAMES]
    ]


@require_safe
def item_links(request: HttpRequest) -> JsonResponse:
    """Things to link to with "#", by a part of their title; eight at most. ``ring`` says that the
    text has readers further out than is usual where it stands."""
    member = viewer(request)
    if member is None:
        return JsonResponse([], safe=False, status=401)
    space, ring, _author = where(request)
    if (widest := request.GET.get("ring", "")).isdecimal():
        ring = min(ring, int(widest))
    found = [
        {
            "insert": links.markdown(item),
            "name": item.title,
            "note": item.space.name,
            "initials": item.space.initials,
            "hue": item.space.hue,
            "avatar": "",
        }
        for item in links.find(member, space, ring, request.GET.get("q", "").strip()[:60])
    ]
    return JsonResponse(found, safe=False)


def where(request: HttpRequest) -> tuple[Space, int, list[int]]:
    """The space and ring written for, and who is kept apart from its author; else 404."""
    number = request.GET.get("item", "")
    if number.isdecimal():
        item = load(Item, request, "space", pk=int(number))
        apart = item.author.kept_apart_ids if item.author_id else []
        return item.space, item.min_ring, list(apart)
    number = request.GET.get("space", "")
    if not number.isdecimal():
        raise Http404
    space = load(Space, request, pk=int(number))
    if policies.ring_of(viewer(request), space) < Ring.PARTICIPANT:
        raise Http404
    return space, Ring.PARTICIPANT, []


def said_wrong(error: ValidationError | Refused) -> str:
    """The sentence of what went wrong, for beside the editor."""
    return error.messages[0] if isinstance(error, ValidationError) else str(error.reason)
