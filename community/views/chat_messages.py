"""What is done with one message: read, answered, changed, taken away, carried on."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import chat as reading
from community import chat_lists, chat_policies
from community.htmx import respond, viewer
from community.models import Message, Reaction, Room
from community.operations import chat as operations
from community.policies import Refused
from community.views.chat import load_message, load_room, room_context


@login_required
@require_safe
def message(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """One message and all that its reader may do with it."""
    member, found = viewer(request), load_message(request, pk, seq)
    context = {
        "message": found,
        "room": found.room,
        "offered": Reaction.OFFERED,
        "mine": reading.own_reactions([found], member).get(found.seq, []),
        "may_post": chat_policies.can_post_message(member, found.room),
        "may_react": chat_policies.can_react_to_message(member, found),
        "may_edit": chat_policies.can_edit_message(member, found),
        "may_delete": chat_policies.can_delete_message(member, found),
        "may_pin": chat_policies.can_pin_message(member, found),
        "may_forward": chat_policies.can_forward_message(member, found),
        "may_bring": chat_policies.can_bring_to_talk(member, found),
        "is_pinned": found.room.pins.filter(message=found).exists(),
        "is_own": found.author_id == member.pk,
    }
    return respond(request, "community/message.html", "community/_message_acts.html", context)


def redrawn(request: HttpRequest, message: Message) -> HttpResponse:
    """The message as it is now, in its place; without scripts, back in its room."""
    if not request.htmx:
        return redirect(message)
    found = reading.drawn_up(message.pk)
    return render(request, "community/_message.html", {"message": found})


@login_required
@require_POST
def react_to_message(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    found = load_message(request, pk, seq)
    operations.react_to_message(found, emoji=request.POST.get("emoji", ""), by=viewer(request))
    return redrawn(request, found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_message(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """Change one's own words."""
    member, found = viewer(request), load_message(request, pk, seq)
    chat_policies.can_edit_message(member, found).enforce()
    problem, text = "", request.POST.get("text", found.text)
    if request.method == "POST":
        try:
            operations.edit_message(found, text=text, by=member)
            return redirect(found)
        except Refused as refused:
            problem = str(refused.reason)
    context = {"message": found, "room": found.room, "text": text, "problem": problem}
    return render(request, "community/edit_message.html", context, status=422 if problem else 200)


@login_required
@require_POST
def delete_message(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    found = load_message(request, pk, seq)
    operations.delete_message(found, by=viewer(request))
    return redirect(found)


@login_required
@require_POST
def pin_message(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """Keep it at the top of the room, or take it down again."""
    member, found = viewer(request), load_message(request, pk, seq)
    if found.room.pins.filter(message=found).exists():
        operations.unpin_message(found, by=member)
    else:
        operations.pin_message(found, by=member)
    return redirect(found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def forward_message(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """Carry a message into another room."""
    member, found = viewer(request), load_message(request, pk, seq)
    chat_policies.can_forward_message(member, found).enforce()
    problem = ""
    if request.method == "POST":
        number = request.POST.get("to", "")
        if not number.isdecimal():
            problem = _("Choose a room.")
        else:
            to = load_room(request, int(number))
            try:
                said = operations.forward_message(found, to=to, client_id=uuid.uuid4(), by=member)
                messages.success(request, _("It is forwarded."))
                return redirect(said)
            except Refused as refused:
                problem = str(refused.reason)
    lists = chat_lists.of(member)
    lines = [line for of in lists.spaces for line in of.lines] + lists.people
    rooms = [line for line in lines if _takes(member, found, line.room)]
    context = {"message": found, "room": found.room, "lines": rooms, "problem": problem}
    return render(
        request, "community/forward_message.html", context, status=422 if problem else 200
    )


def _takes(member: object, message: Message, room: Room) -> bool:
    if room.pk == message.room_id:
        return False
    if message.author_id == member.pk:
        return True
    return room.space_id == message.room.space_id and room.min_ring >= message.room.min_ring


@login_required
@require_safe
def message_thread(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """A message and all that was answered to it, apart from the rest of the room."""
    member, found = viewer(request), load_message(request, pk, seq)
    if found.thread_id:
        return redirect("message_thread", pk, found.thread_seq or seq)
    if found.deleted_at and not found.reply_count:
        raise Http404
    after = request.GET.get("after", "")
    page = reading.page(
        found.room,
        member,
        thread=found,
        after=int(after) if after.isdecimal() and len(after) < 18 else 0,
        read_seq=found.room.my_read_seq or 0,
    )
    context = room_context(request, found.room, page) | {
        "topic": found.topic,
        "at": None,
        "thread": found,
        "answering": found if not found.deleted_at else None,
    }
    return respond(request, "community/message_thread.html", None, context)
