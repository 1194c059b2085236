"""Rooms as such: those of a group, what holds in one, and who is in it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import chat_lists, chat_policies
from community.addresses import address
from community.forms.chat import READERS, RoomForm
from community.htmx import load, load_kind, posted, respond, viewer
from community.models import RoomPerson, Space
from community.operations import chat as operations
from community.policies import Refused
from community.registry import registry
from community.views.chat import load_room


@login_required
@require_safe
def space_rooms(request: HttpRequest, slug: str) -> HttpResponse:
    """The tab Chat of a group: its rooms, as the reader may read them. Those of the whole
    community stand among all chats."""
    space, frame = _tab(request, slug)
    if space.is_root:
        return redirect("chat")
    member = viewer(request)
    lists = chat_lists.of(member)
    here = next((of for of in lists.spaces if of.space.pk == space.pk), None)
    context = frame | {
        "lines": here.lines if here else [],
        "archived": here.archived if here else [],
        "may_make": chat_policies.can_make_room(member, space),
        "is_inside": space.pk in member.rings,
    }
    return respond(request, "community/space_rooms.html", None, context)


def _tab(request: HttpRequest, slug: str) -> tuple[Space, dict[str, Any]]:
    space = load(Space, request, slug=slug)
    if space.is_root:
        return space, {"frame_template": "community/whole.html", "space": space}
    kind = registry.space_kinds.get(space.kind)
    if kind is None:
        raise Http404
    request.space_id = space.pk
    return space, kind.around(request, space, "chat") | {"space": space}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_room(request: HttpRequest, slug: str) -> HttpResponse:
    """A further room for a group, or for the whole community."""
    space, frame = _tab(request, slug)
    chat_policies.can_make_room(viewer(request), space).enforce()
    form = RoomForm(posted(request))
    if form.is_valid():
        try:
            made = operations.make_room(space, by=viewer(request), **form.cleaned_data)
            return redirect(made)
        except Refused as refused:
            form.add_error("name", str(refused.reason))
    status = 422 if form.is_bound else 200
    return render(request, "community/new_room.html", frame | {"form": form}, status=status)


@login_required
@require_POST
def open_room(request: HttpRequest, pk: int) -> HttpResponse:
    """The room about a thing, opened by whoever made it or a steward where there is none yet."""
    return redirect(operations.open_room_about(load_kind(request, pk, "space"), by=viewer(request)))


@login_required
@require_safe
def room_about(request: HttpRequest, pk: int) -> HttpResponse:
    """What holds in a room, in words; who is in it; how much one hears of it."""
    member, room = viewer(request), load_room(request, pk)
    people = chat_lists.people_in(room, member) if room.is_direct else []
    context = {
        "room": room,
        "title": chat_lists.title(room, people),
        "people": people,
        "readers": dict(READERS).get(room.min_ring, ""),
        "volumes": RoomPerson.Volume,
        "volume": room.my_volume or RoomPerson.Volume.MENTIONS,
        "may_manage": chat_policies.can_manage_room(member, room),
        "may_add": room.is_direct and not room.is_pair,
        "may_take_out": bool(chat_policies.can_take_out(member, room)),
        "tab": address("space_rooms", room.space.slug)
        if room.space and not room.space.is_root
        else "",
    }
    return respond(request, "community/room_about.html", None, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def room_settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Its name, who reads it, how long what is said is kept."""
    member, room = viewer(request), load_room(request, pk)
    chat_policies.can_manage_room(member, room).enforce()
    form = RoomForm(posted(request), room=room)
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            operations.rename_room(room, name=given.pop("name"), by=member)
            operations.change_room(room, by=member, **given)
            messages.success(request, _("This holds from now on."))
            return redirect("room_about", pk)
        except Refused as refused:
            form.add_error("name", str(refused.reason))
    status = 422 if form.is_bound else 200
    context = {"room": room, "form": form, "title": str(room)}
    return render(request, "community/room_settings.html", context, status=status)


ACTS = {
    "lock": operations.lock_room,
    "unlock": operations.unlock_room,
    "archive": operations.archive_room,
    "reopen": operations.reopen_room,
}


@login_required
@require_POST
def room_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock it, archive it, and back."""
    room = load_room(request, pk)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    act(room, by=viewer(request))
    return redirect("room_about", pk)


@login_required
@require_POST
def leave_room(request: HttpRequest, pk: int) -> HttpResponse:
    """Go out of a conversation of several."""
    room = load_room(request, pk)
    operations.leave_room(room, by=viewer(request))
    messages.success(request, _("You left the conversation."))
    return redirect("chat")
