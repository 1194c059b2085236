"""The rooms of a person, a room with what is said there, and saying something in it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from community import chat as reading
from community import chat_lists, chat_policies, limits
from community.htmx import respond, viewer
from community.models import Message, Ring, Room, RoomPerson
from community.operations import chat as operations
from community.policies import Refused
from community.views import writing


def load_room(request: HttpRequest, pk: int) -> Room:
    """A room that the reader may read, with their place in it as ``my_…``; 404 for all else."""
    found = reading.rooms(viewer(request)).select_related("space").filter(pk=pk).first()
    if found is None:
        raise Http404
    found.awaits_me = found.is_direct and found.my_accepted_at is None
    return found


def load_message(request: HttpRequest, pk: int, seq: int) -> Message:
    """A message that the reader may read, drawn up, with its room; 404 for all else."""
    room = load_room(request, pk)
    rows = reading.for_drawing(reading.said_in(room, viewer(request)))
    found = rows.filter(seq=seq).first()
    if found is None:
        raise Http404
    found.room = room
    reading.dress([found])
    return found


@login_required
@require_safe
def chat(request: HttpRequest) -> HttpResponse:
    """All rooms by group, people, and requests that wait."""
    member = viewer(request)
    leads = member.root_ring >= Ring.STEWARD
    root = next(
        (row.space for row in member.memberships_by_space.values() if row.space.is_root), None
    )
    context = {"lists": chat_lists.of(member), "room": None, "makes_in": root if leads else None}
    return respond(request, "community/chat.html", "community/_chat_rooms.html", context)


@login_required
@require_safe
def room(request: HttpRequest, pk: int) -> HttpResponse:
    """A room: from where somebody left off, or at the message that the address names."""
    member = viewer(request)
    found = load_room(request, pk)
    at, after, before = (_number(request, name) for name in ("at", "after", "before"))
    topic = request.GET.get("topic", "")[:60]
    read = found.my_read_seq or 0
    if not (at or after is not None or before or topic) and found.last_seq - read > reading.SIZE:
        at = read + 1 if read else None
    page = reading.page(
        found, member, at=at, after=after, before=before, topic=topic, read_seq=read
    )
    context = room_context(request, found, page) | {"topic": topic, "at": at}
    goes_on = page.earlier is None or (page.rows and page.rows[0].seq <= read + 1)
    if not topic and page.rows and goes_on and "Purpose" not in request.headers:
        operations.mark_read(found, seq=page.last_seq, by=member)
    return respond(request, "community/room.html", None, context)


def room_context(request: HttpRequest, found: Room, page: reading.Page) -> dict[str, Any]:
    """What the page of a room shows around its messages; ``found`` comes from ``load_room``."""
    member = viewer(request)
    reply = _number(request, "reply")
    people = chat_lists.people_in(found, member) if found.is_direct else []
    return {
        "room": found,
        "page": page,
        "people": people,
        "title": chat_lists.title(found, people),
        "lists": chat_lists.of(member),
        "may_post": chat_policies.can_post_message(member, found),
        "slow_until": chat_policies.slow_until(member, found),
        "may_manage": chat_policies.can_manage_room(member, found),
        "pins": chat_lists.pins(found, member),
        "topics": chat_lists.topics(found, member),
        "seen_by": chat_lists.seen_by(found, member, page),
        "volumes": RoomPerson.Volume,
        "answering": _answering(found, member, reply),
        "client_id": uuid.uuid4(),
        "text": "",
        "problem": "",
        "hint": limits.words_for(member),
        "mentions_url": f"{reverse('mentions')}?room={found.pk}",
    }


def _answering(found: Room, member: Any, seq: int | None) -> Message | None:
    if seq is None:
        return None
    rows = reading.said_in(found, member).select_related("author")
    return rows.filter(seq=seq, deleted_at=None).first()


@login_required
@require_safe
def room_messages(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said after a number, or before it, as rows: where pages catch up and load more."""
    member = viewer(request)
    found = load_room(request, pk)
    after, before = _number(request, "after"), _number(request, "before")
    if after is None and before is None:
        return redirect("room", pk)
    topic, thread = request.GET.get("topic", "")[:60], _number(request, "thread")
    began = _began(found, member, thread) if thread else None
    page = reading.page(
        found,
        member,
        after=after,
        before=before,
        topic=topic,
        thread=began,
        read_seq=found.my_read_seq or 0,
    )
    answer = render(
        request,
        "community/_messages.html",
        {"page": page, "room": found, "topic": topic, "thread": began, "bare": True},
    )
    answer["X-Last-Seq"] = str(found.last_seq)
    answer["Cache-Control"] = "no-store"
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _began(found: Room, member: Any, seq: int) -> Message:
    """What the exchange of that number began with."""
    first = reading.said_in(found, member).filter(seq=seq, thread=None).first()
    if first is None:
        raise Http404
    return first


@login_required
@require_POST
def post_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something. What was typed comes back with the reason if it cannot be."""
    member = viewer(request)
    found = load_room(request, pk)
    problem, tokens = "", []
    client_id = _client_id(request)
    text = request.POST.get("text", "")
    reply = _number(request, "reply_to", request.POST)
    try:
        tokens = writing.brought(request)
        said = operations.post_message(
            found,
            text=text,
            client_id=client_id,
            by=member,
            reply_to=_answering(found, member, reply),
            topic=request.POST.get("topic", ""),
            media=tokens,
        )
    except (Refused, ValidationError) as error:
        problem = writing.said_wrong(error)
    if not problem and not request.htmx:
        thread = _number(request, "thread", request.POST)
        return redirect("message_thread", pk, thread) if thread else redirect(said)
    if not problem:
        message = reading.drawn_up(said.pk)
        return render(
            request,
            "community/_message_posted.html",
            _form(request, found) | {"message": message},
        )
    form = _form(request, found, text=text, problem=problem, tokens=tokens)
    form |= {"client_id": client_id, "answering": _answering(found, member, reply)}
    if request.htmx:
        return render(request, "community/_say.html", form, status=422)
    page = reading.page(found, member, read_seq=found.my_read_seq or 0)
    context = room_context(request, found, page) | form | {"topic": "", "at": None}
    return render(request, "community/room.html", context, status=422)


def _form(
    request: HttpRequest,
    found: Room,
    *,
    text: str = "",
    problem: str = "",
    tokens: list[str] | None = None,
) -> dict[str, Any]:
    member = viewer(request)
    people = chat_lists.people_in(found, member) if found.is_direct else []
    topic = request.POST.get("topic", "")
    # Written on the page of an exchange, what comes next is an answer there, too.
    thread = _answering(found, member, _number(request, "thread", request.POST))
    return {
        "room": found,
        "title": chat_lists.title(found, people),
        "may_post": chat_policies.can_post_message(member, found),
        "thread": thread,
        "answering": thread,
        "client_id": uuid.uuid4(),
        "text": text,
        "problem": problem,
        "topic": topic if "within" in request.POST else "",
        "begun_topic": topic if "within" not in request.POST else "",
        "topics": chat_lists.topics(found, member) if found.space_id else [],
        "media": writing.attached(tokens, member) if tokens else [],
        "mentions_url": f"{reverse('mentions')}?room={found.pk}",
    }


def _client_id(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("client_id", ""))
    except ValueError:
        return uuid.uuid4()


def _number(request: HttpRequest, name: str, where: Any = None) -> int | None:
    given = (request.GET if where is None else where).get(name, "")
    return int(given) if given.isdecimal() and len(given) < 18 else None


@login_required
@require_POST
def mark_room_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything up to a number was read, or everything: then the room opens at its end."""
    found = load_room(request, pk)
    operations.mark_read(found, seq=_number(request, "upto", request.POST), by=viewer(request))
    if request.htmx or "X-Requested-With" in request.headers:
        return HttpResponse(status=204)
    return redirect(found if "stay" in request.POST else "chat")


@login_required
@require_POST
def room_volume(request: HttpRequest, pk: int) -> HttpResponse:
    """How much to hear of a room."""
    found = load_room(request, pk)
    operations.set_volume(found, volume=request.POST.get("volume", ""), by=viewer(request))
    return redirect(found)


@login_required
@require_safe
def search_chat(request: HttpRequest) -> HttpResponse:
    """Messages with the words one looks for, newest first: everywhere, or in one room."""
    member = viewer(request)
    inside = _number(request, "room")
    found = load_room(request, inside) if inside else None
    typed = request.GET.get("q", "")
    hits = chat_lists.search(member, typed, room=found)
    context = {"typed": typed, "hits": hits, "room": found, "most": chat_lists.MOST_HITS}
    return respond(request, "community/search_chat.html", "community/_search_chat.html", context)
