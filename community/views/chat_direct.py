"""Conversations among a few people: begun, answered, joined by others."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community import chat_lists, chat_policies
from community.htmx import load, viewer
from community.models import Member, Membership, Room
from community.operations import chat as operations
from community.operations import people as people_operations
from community.policies import Refused
from community.views.chat import load_room

MOST_SHOWN = 40


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_conversation(request: HttpRequest) -> HttpResponse:
    """Choose one or several people to write to."""
    member = viewer(request)
    problem = ""
    if request.method == "POST":
        try:
            made = operations.open_direct(
                _chosen(request), name=request.POST.get("name", ""), by=member
            )
            return redirect(made)
        except Refused as refused:
            problem = str(refused.reason)
    return _page(request, None, problem)


def _page(request: HttpRequest, room: Room | None, problem: str) -> HttpResponse:
    member, typed = viewer(request), request.GET.get("q", "").strip()[:60]
    chosen = list(_chosen(request))
    found = [one for one in _known(member, typed) if one not in chosen]
    context = {
        "room": room,
        "typed": typed,
        "chosen": chosen,
        "found": found,
        "problem": problem,
        "name": request.POST.get("name", ""),
        "most": Room.MOST_PEOPLE,
    }
    return render(
        request, "community/new_conversation.html", context, status=422 if problem else 200
    )


def _chosen(request: HttpRequest) -> QuerySet:
    given = [*request.POST.getlist("people"), *request.GET.getlist("people")]
    numbers = [int(pk) for pk in given if pk.isdecimal() and len(pk) < 18][: Room.MOST_PEOPLE]
    people = Member.objects.visible_to(viewer(request)).filter(pk__in=numbers)
    return people.select_related("avatar").order_by("name", "pk")


def _known(member: Member, typed: str) -> list[Member]:
    """People the member may see, those of their groups first."""
    shared = Membership.objects.filter(member=OuterRef("pk"), space__in=member.group_ids)
    people = (
        Member.objects.visible_to(member)
        .exclude(pk=member.pk)
        .annotate(near=Exists(shared))
        .select_related("avatar")
    )
    if typed:
        people = people.filter(name__icontains=typed)
    else:
        people = people.filter(near=True)
    return list(people.order_by("-near", "name", "pk")[:MOST_SHOWN])


@login_required
@require_POST
def write_to(request: HttpRequest, pk: int) -> HttpResponse:
    """The conversation with a person, from their page."""
    person = load(Member, request, pk=pk)
    return redirect(operations.open_direct([person], by=viewer(request)))


@login_required
@require_POST
def answer_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Talk to them, not now, or never."""
    member, room = viewer(request), load_room(request, pk)
    answer = request.POST.get("answer", "")
    if answer == "accept":
        operations.accept_request(room, by=member)
        return redirect(room)
    operations.decline_request(room, by=member)
    if answer == "block" and room.is_pair:
        other = room.people.exclude(member=member).select_related("member").first()
        if other is not None:
            people_operations.block(other.member, by=member)
    return redirect("chat")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring others into a conversation."""
    member, room = viewer(request), load_room(request, pk)
    chat_policies.can_manage_room(member, room).enforce()
    if not room.is_direct:
        raise Refused(_("People come into this room by joining its group."))
    problem = ""
    if request.method == "POST":
        try:
            operations.add_people(room, people=_chosen(request), by=member)
            return redirect("room_about", pk)
        except Refused as refused:
            problem = str(refused.reason)
    return _page(request, room, problem)


@login_required
@require_POST
def take_out(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Somebody reads the conversation no longer."""
    room = load_room(request, pk)
    people = chat_lists.people_in(room, viewer(request)) if room.is_direct else []
    found = next((one for one in people if one.pk == person), None)
    if found is None:
        raise Http404
    operations.take_out(room, person=found, by=viewer(request))
    messages.success(request, _("%(name)s is out.") % {"name": found.display_name})
    return redirect("room_about", pk)
