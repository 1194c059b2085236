"""Sending a topic to another group, splitting answers off it, merging it into another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community import prose
from community.htmx import load, respond, viewer
from community.models import Comment, Item
from community.policies import Refused
from groups import policies
from groups.forms.moving import GroupForm, MergeForm, SplitForm
from groups.models import Group, Topic, TopicMove
from groups.operations import moving as operations
from groups.operations import undoing

MOST = 200
"""Groups, answers and topics to choose from."""

require_form = require_http_methods(["GET", "HEAD", "POST"])


def _topic(request: HttpRequest, pk: int) -> Topic:
    """The topic, for those who may send it elsewhere; the others read why not."""
    found = load(Topic, request, "space", "author", pk=pk)
    policies.leads_away(viewer(request), found).enforce()
    request.space_id = found.space_id
    return found


@login_required
@require_form
def move_to_group(request: HttpRequest, pk: int) -> HttpResponse:
    """To another group, with all that was answered; it can be undone."""
    found = _topic(request, pk)
    goals = list(
        policies.goals(viewer(request)).exclude(pk=found.space_id).order_by("name", "pk")[:MOST]
    )
    form = GroupForm(request.POST or None, goals=goals)
    if request.method == "POST" and form.is_valid():
        group = load(Group, request, "space", pk=form.cleaned_data["group"])
        try:
            operations.move_to_group(found, group=group, by=request.user)
        except Refused as refused:
            form.add_error("group", refused.reason)
        else:
            text = _("Moved to %(group)s.") % {"group": group.space.name}
            messages.success(request, text, extra_tags=_undo(pk))
            return redirect(_where(request, found))
    context = {"form": form, "topic": found, "space": found.space, "goals": goals}
    return _answer(request, "move_to_group", context)


@login_required
@require_POST
def undo_move(request: HttpRequest, pk: int, move: int) -> HttpResponse:
    """Back to where it was: to its group, into its conversation, or apart again."""
    found = load(Item, request, "space", pk=pk)
    moves = TopicMove.objects.filter(from_space__in=policies.goals(viewer(request)))
    made = moves.select_related("from_space").filter(pk=move, item=pk).first()
    if made is None:
        raise Http404
    undo = {
        TopicMove.Kind.MOVED: operations.undo_move,
        TopicMove.Kind.SPLIT: undoing.undo_split,
        TopicMove.Kind.MERGED: undoing.undo_merge,
    }
    undo[made.kind](made, by=request.user)
    messages.success(request, _("It is back where it was."))
    if made.kind == TopicMove.Kind.SPLIT:
        return redirect("comment", pk)
    return redirect(_where(request, found))


@login_required
@require_form
def split_topic(request: HttpRequest, pk: int) -> HttpResponse:
    """Some answers become a topic of their own."""
    found = _topic(request, pk)
    rows = list(
        Comment.objects.visible_to(viewer(request))
        .filter(item=pk)
        .select_related("author")
        .defer("search", "text")
        .order_by("pk")[:MOST]
    )
    form = SplitForm(request.POST or None, rows=[(row, _line(row)) for row in rows])
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.split_topic(found, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            text = _("A topic of its own now.")
            messages.success(request, text, extra_tags=_undo(made.pk))
            return redirect(made)
    context = {"form": form, "topic": found, "space": found.space, "rows": rows}
    return _answer(request, "split_topic", context)


def _line(row: Comment) -> str:
    name = row.author.display_name if row.author else _("Somebody")
    return f"{name}: {prose.plain(row.html, 120)}"


@login_required
@require_form
def merge_topic(request: HttpRequest, pk: int) -> HttpResponse:
    """It becomes part of another topic of the group."""
    found = _topic(request, pk)
    others = list(
        Topic.objects.visible_to(viewer(request))
        .filter(space=found.space_id)
        .exclude(pk=pk)
        .only("title", "space", "min_ring")
        .order_by("-active_at", "-pk")[:50]
    )
    form = MergeForm(request.POST or None, topics=others)
    if request.method == "POST" and form.is_valid():
        into = load(Topic, request, "space", pk=form.cleaned_data["into"])
        try:
            operations.merge_topic(found, into=into, by=request.user)
        except Refused as refused:
            form.add_error("into", refused.reason)
        else:
            text = _("It is part of this topic now, in the order of time.")
            messages.success(request, text, extra_tags=_undo(pk))
            return redirect("comment", pk)
    context = {"form": form, "topic": found, "space": found.space, "others": others}
    return _answer(request, "merge_topic", context)


def _undo(pk: int) -> str:
    """The tag by which a message offers to undo the newest move of it."""
    move = TopicMove.objects.filter(item=pk).order_by("-created_at", "-pk").first()
    return f"undo:{reverse('groups:undo_move', args=[pk, move.pk])}"


def _where(request: HttpRequest, found: Item) -> str:
    """The topic, or the group it was in if whoever moved it does not read it any more."""
    if Item.objects.visible_to(viewer(request)).filter(pk=found.pk).exists():
        return reverse("groups:topic", args=[found.pk])
    return found.space.get_absolute_url()


def _answer(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return respond(request, f"groups/{name}.html", f"groups/_{name}.html", context, status)
