"""Topics: the page of one, starting and changing it, steering it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import limits, moderation, readership, shown
from community import policies as core
from community import thread as threads
from community.htmx import load, load_gone, respond, viewer
from community.models import Comment, Item, Member, Membership, Ring
from community.operations import writing as writing_operations
from community.policies import Refused
from community.prepared import prepared
from community.views import comments as comment_views
from community.views import writing
from groups import policies
from groups.forms.topics import RingForm, TopicForm, ring_choices
from groups.models import Group, Topic
from groups.operations import topics as operations
from groups.outlines import offered, outline
from groups.topic_head import topic_aside, topic_head
from groups.views import frame


@require_safe
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """A topic and what was answered, from where the address says or from the beginning."""
    member = viewer(request)
    asked = _topic(member, pk)
    if not asked:
        if decision := moderation.own_hidden(member, pk):
            return redirect("decision", decision)
        if Comment.objects.visible_to(member).filter(pk=pk).exists():
            return redirect("comment", pk)  # it was put into another topic
        raise Http404
    found = asked[0]
    request.space_id = found.space_id
    thread = threads.page(
        found,
        member,
        since=getattr(found, "read_at", None),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        at=request.GET.get("at", ""),
    )
    context = {
        "topic": found,
        "space": found.space,
        "thread": thread,
        "answering": None,
        "head": topic_head(found, thread, member, site=f"{request.scheme}://{request.get_host()}"),
        "aside": topic_aside(found, _people(found, thread.rows), _related(found, member), member),
    }
    if thread.may_comment:
        context |= _reply_form(request, found, member)
    return respond(request, "groups/topic.html", None, context)


@prepared
def _topic(reader: Any, pk: int) -> QuerySet:
    return Topic.objects.for_page(reader).visible_to(reader).filter(pk=pk)[:1]


def _reply_form(request: HttpRequest, found: Topic, member: Member) -> dict[str, Any]:
    """The editor below; ``?reply=`` answers one comment, ``?quote`` begins with its words."""
    number = request.GET.get("reply", "")
    parent = None
    if number.isdecimal():
        rows = Comment.objects.visible_to(member).filter(item=found.pk, pk=int(number))
        parent = rows.select_related("author").first()
    quoted = ""
    if "quote" in request.GET:
        quoted = comment_views.quote(parent or found)
    return comment_views.comment_form(
        found,
        member,
        parent=parent,
        quoted=quoted,
        by_page=parent is not None,  # it stands apart from the thread it goes to
    )


def _people(found: Topic, rows: list[Comment]) -> list[Member]:
    """Who takes part in what stands on this page, each once."""
    people = {
        person.pk: person for person in [found.author, *(row.author for row in rows)] if person
    }
    return list(people.values())[:6]


def _related(found: Topic, member: Member | None) -> list[shown.Brief]:
    """What is about this topic, and what this topic is about."""
    return [shown.brief(row) for row in _linked(member, found.pk, found.about_id)]


@prepared
def _linked(reader: Any, pk: int, about: int | None) -> QuerySet:
    linked = Q(about=pk) | Q(pk=about) if about else Q(about=pk)
    return (
        Item.objects.visible_to(reader)
        .filter(linked)
        .exclude(kind="community.comment")
        .select_related("space", "author", "comment__item")
        .defer("search")
        .order_by("-created_at")[:5]
    )


@login_required
@require_safe
def share(request: HttpRequest) -> HttpResponse:
    """Which group to say it to: those the reader may write in. With one, straight there."""
    rows: list[Membership] = [
        row
        for row in request.user.memberships_by_space.values()
        if not row.space.is_root and row.ring >= Ring.PARTICIPANT and not row.space.closed_at
    ]
    if len(rows) == 1:
        return redirect("groups:new_topic", rows[0].space.slug)
    return respond(request, "groups/share.html", None, {"rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Start a topic in a group."""
    group: Group = frame.load_group(request, slug)
    member = request.user
    core.may(member, "post", group).enforce()
    request.space_id = group.pk
    place = f"topic:{group.pk}"
    problem, tokens = "", []
    rings = ring_choices(group.space, policies.rings_for(member, group.space))
    form = TopicForm(request.POST or None, rings=rings)
    if request.method == "POST":
        try:
            tokens = writing.brought(request)
            if form.is_valid():
                made = operations.post_topic(group, by=member, media=tokens, **form.cleaned_data)
                if made.hidden_at is not None:
                    return comment_views.waits(request)
                messages.success(request, _("Your topic is there for the group to read."))
                return redirect(made)
        except (Refused, ValidationError) as error:
            problem = writing.said_wrong(error)
            form.add_error(None, problem)
    kept = {"media": tokens} if request.method == "POST" else None
    editor = writing.editor(member, place, kept=kept, space=group.pk)
    if request.method != "POST":
        kind = request.GET.get("template") or Topic.Template.TALK
        begun = {"template": kind, "text": outline(kind) if "outline" in request.GET else ""}
        form = TopicForm(rings=rings, initial=begun | editor["data"])
    form.fields["text"].help_text = limits.words_for(member)
    context = {
        "form": form,
        "editor": editor,
        "space": group.space,
        "group": group,
        "outlines": offered(),
    }
    status = 422 if request.method == "POST" else 200
    return respond(request, "groups/new_topic.html", "groups/_topic_form.html", context, status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_topic(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one's own words."""
    found = load(Topic, request, "space", "author", pk=pk)
    member = request.user
    core.may(member, "edit", found).enforce()
    request.space_id = found.space_id
    tokens = [medium.token for medium in found.media.all()]
    form = TopicForm(request.POST or None, rings=[])
    if request.method == "POST":
        try:
            tokens = writing.brought(request)
            if form.is_valid():
                operations.edit_topic(found, by=member, media=tokens, **form.cleaned_data)
                return redirect(found)
        except (Refused, ValidationError) as error:
            form.add_error(None, writing.said_wrong(error))
    kept = {"media": tokens} if request.method == "POST" else None
    editor = writing.editor(member, f"edit:{pk}", kept=kept, item=pk)
    if not editor["data"].get("media"):
        editor["media"] = writing.attached(tokens, member)
    if request.method != "POST":
        said = {"title": found.title, "text": found.text, "template": found.template}
        form = TopicForm(rings=[], initial=said | editor["data"])
    context = {"form": form, "editor": editor, "space": found.space, "topic": found}
    status = 422 if request.method == "POST" else 200
    return respond(request, "groups/edit_topic.html", "groups/_topic_form.html", context, status)


@login_required
@require_POST
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep on top of the list (``on=1``), or let go."""
    found = load(Topic, request, "space", pk=pk)
    if request.POST.get("on"):
        operations.pin_topic(found, by=request.user)
        messages.success(request, _("It stays on top of the list now."))
    else:
        operations.unpin_topic(found, by=request.user)
        messages.success(request, _("It is back in its place."))
    return redirect(found)


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the conversation (``on=1``), or open it again."""
    found = load(Topic, request, "space", pk=pk)
    if request.POST.get("on"):
        operations.close_topic(found, by=request.user)
        messages.success(request, _("Closed. Everybody can still read it."))
    else:
        operations.reopen_topic(found, by=request.user)
        messages.success(request, _("Open again for replies."))
    return redirect(found)


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the comment that answered the question; without one, the question is open again."""
    found = load(Topic, request, "space", pk=pk)
    number = request.POST.get("comment", "")
    if number.isdecimal():
        comment = load(Comment, request, pk=int(number), item=pk)
        operations.choose_answer(found, comment=comment, by=request.user)
        messages.success(request, _("Marked as the answer. Everybody sees it first now."))
    else:
        operations.clear_answer(found, by=request.user)
        messages.success(request, _("The question is open again."))
    return redirect(f"{found.get_absolute_url()}#comments")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move_topic(request: HttpRequest, pk: int) -> HttpResponse:
    """Who sees it."""
    found = load(Topic, request, "space", "author", pk=pk)
    core.may(request.user, "move", found).enforce()
    request.space_id = found.space_id
    form = RingForm(
        request.POST or None,
        rings=ring_choices(found.space, policies.rings_for(request.user, found.space)),
        initial={"ring": found.min_ring},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.move_to_ring(found, ring=form.cleaned_data["ring"], by=request.user)
            words = readership.reader_words(found.space, form.cleaned_data["ring"])
            messages.success(request, _("Seen from now on: %(ring)s.") % {"ring": words})
            return redirect(found)
        except Refused as error:
            form.add_error("ring", str(error.reason))
    context = {"form": form, "topic": found, "space": found.space}
    status = 422 if request.method == "POST" else 200
    return respond(request, "groups/move_topic.html", "groups/_move_topic.html", context, status)


@login_required
@require_POST
def delete_topic(request: HttpRequest, pk: int) -> HttpResponse:
    found = load(Topic, request, "space", pk=pk)
    writing_operations.delete_item(found, by=request.user)
    undo = reverse("groups:restore_topic", args=[pk])
    messages.success(request, _("The topic is gone."), extra_tags=f"undo:{undo}")
    return redirect(found.space.get_absolute_url())


@login_required
@require_POST
def restore_topic(request: HttpRequest, pk: int) -> HttpResponse:
    found = load_gone(request, Topic, pk)
    writing_operations.restore_item(found, by=request.user)
    messages.success(request, _("The topic is back."))
    return redirect(found)
