"""Answers to whatever can be answered: said, found again, changed, taken away and brought back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget, trigger_client_event

from community import answering, earlier, limits, moderation, parts, policies
from community import thread as threads
from community.addresses import address
from community.answering import Answering, Cancel
from community.forms.writing import WritingForm
from community.htmx import load, load_gone, load_kind, respond, viewer
from community.models import Comment, Item, Member
from community.operations import comments as operations
from community.operations import writing as writing_operations
from community.policies import Refused
from community.registry import registry
from community.views import writing


@require_safe
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """The permanent address of a comment: the page of the conversation that it stands on."""
    try:
        found = load(Comment, request, pk=pk)
    except Http404:
        if decision := moderation.own_hidden(viewer(request), pk):
            return redirect("decision", decision)
        # An answer that became a topic of its own has its address there.
        item = load(Item, request, pk=pk)
        return redirect(registry.kind(item.kind).address(pk) or "/")
    return redirect(_place(request, found))


def _place(request: HttpRequest, found: Comment) -> str:
    item = load(Item, request, pk=found.item_id)
    return f"{registry.kind(item.kind).address(item.pk)}?at={found.pk}#comment-{found.pk}"


def comment_form(
    item: Any,
    member: Member,
    *,
    parent: Comment | None = None,
    quoted: str = "",
    said: str = "",
    problem: str = "",
    tokens: list[str] | None = None,
    **shape: bool,
) -> dict[str, Any]:
    """The context of a form to answer with, where its draft is, or what was ``said`` and the
    ``problem`` with it. ``shape`` is ``takes_focus``, ``by_page``, ``oob``."""
    root = (parent.parent_id or parent.pk) if parent else 0
    place = f"comment:{item.pk}" + (f":{root}" if root else "")
    kept = {"text": said, "media": tokens or []} if problem else None
    editor = writing.editor(member, place, kept=kept, item=item.pk)
    text = editor["data"].get("text", "")
    if quoted and quoted not in text:
        text = f"{text}\n\n{quoted}".lstrip() + "\n\n"
    label = _("Reply to %(name)s") % {"name": _name(parent.author)} if parent else _("Your reply")
    there = registry.kind(item.kind).address(item.pk)
    part = Answering(
        item=item.pk,
        url=address("add_comment", item.pk),
        place=place,
        label=label,
        placeholder=_placeholder(item, parent),
        help_text=str(limits.words_for(member)),
        is_on_the_web=item.is_on_the_web,
        text=text,
        problem=problem,
        media=tuple(map(answering.tile, editor["media"])),
        draft_time=editor["draft_time"],
        upload_url=editor["upload_url"],
        draft_url=editor["draft_url"],
        mentions_url=editor["mentions_url"],
        links_url=editor["links_url"],
        preview_url=editor["preview_url"],
        root=root,
        parent=parent.pk if parent else 0,
        cancel=_cancel(there, parent, root, **shape) if parent else None,
        **shape,
    )
    slot = f"reply-{root}" if root else ""
    return {"answering": part, "item": item, "parent": parent, "slot": slot, "address": there}


def _cancel(there: str, parent: Comment, root: int, *, by_page: bool = False, **_rest) -> Cancel:
    return Cancel(
        url=f"{there}?at={parent.pk}#comment-{parent.pk}",
        get="" if by_page else f"{reverse('reply', args=[parent.pk])}?close",
        target=f"#reply-{root}",
    )


def _name(author: Member | None) -> str:
    return author.display_name if author else _("somebody")


def _placeholder(item: Any, parent: Comment | None) -> str:
    if parent is not None:
        return _("Reply to %(name)s") % {"name": _name(parent.author)}
    if item.author and item.comment_count:
        return _("Reply to %(name)s and the others") % {"name": item.author.display_name}
    if item.author:
        return _("Reply to %(name)s") % {"name": item.author.display_name}
    return _("Write a reply")


@require_safe
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """More of a conversation, for where the reader scrolled to; without scripts, its whole page."""
    item = load_kind(request, pk, "space")
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    if not request.htmx:
        there = registry.kind(item.kind).address(item.pk)
        answer = redirect(f"{there}?after={after}" if after else f"{there}?before={before}")
    else:
        found = threads.page(
            item,
            viewer(request),
            since=threads.read_moment(request.GET.get("since", "")),
            after=after,
            before=before,
            seen=request.GET.get("seen", ""),
        )
        answer = render(
            request,
            "community/_comments_more.html",
            {"thread": found, "direction": "later" if after else "earlier"},
        )
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@login_required
@require_POST
def add_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer. What was typed comes back with the reason if it cannot be."""
    item = load_kind(request, pk, "space", "author")
    number = request.POST.get("parent", "")
    parent = (
        load(Comment, request, "author", pk=int(number), item=pk) if number.isdecimal() else None
    )
    form = WritingForm(request.POST)
    tokens: list[str] = []
    try:
        tokens = writing.brought(request)
        if form.is_valid():
            posted = operations.post_comment(
                item, text=form.cleaned_data["text"], by=request.user, parent=parent, media=tokens
            )
            return _posted(request, item, posted)
        problem = form.errors["text"][0]
    except (Refused, ValidationError) as error:
        problem = writing.said_wrong(error)
    context = comment_form(
        item,
        request.user,
        parent=parent,
        said=request.POST.get("text", ""),
        problem=str(problem),
        tokens=tokens,
        takes_focus=True,
    )
    context["part"] = context["answering"]
    return respond(
        request, "community/comment_form.html", "community/_comment_form.html", context, status=422
    )


def _posted(request: HttpRequest, item: Any, posted: Comment) -> HttpResponse:
    """The new comment where it belongs, an empty form, the new number; or its place on a page."""
    if posted.hidden_at is not None:
        return waits(request)
    if not request.htmx:
        messages.success(request, _("Your reply is in."))
        return redirect("comment", posted.pk)
    if posted.parent_id is None and not request.POST.get("at_end"):
        return HttpResponseClientRedirect(reverse("comment", args=[posted.pk]))
    item = load_kind(request, item.pk, "space", "author")
    context = one(request, item, posted.pk, announce=_("Your reply is in.")) | {
        "root": posted.parent_id
    }
    if posted.parent_id is None:
        context |= comment_form(item, request.user, oob=True)
    response = render(request, "community/_comment_posted.html", context)
    if posted.parent_id is None:
        return reswap(retarget(response, "#comments"), "beforeend")
    return reswap(retarget(response, f"#reply-{posted.parent_id}"), "outerHTML")


def waits(request: HttpRequest) -> HttpResponse:
    """Where somebody reads that what they wrote is held back until a steward has read it."""
    messages.success(request, _("It waits for a steward, who reads it before others do."))
    there = reverse("my_held")
    return HttpResponseClientRedirect(there) if request.htmx else redirect(there)


def one(request: HttpRequest, item: Any, pk: int, *, announce: str = "") -> dict[str, Any]:
    """The context of one comment, as its template wants it."""
    member = viewer(request)
    row = threads.comments(item.pk, member).filter(pk=pk).first()
    found = threads.frame(item, member)
    threads.dress([row], item, member, is_first_page=False)
    row.ends_thread = False  # its thread's slot stands already
    return {"thread": found, "part": parts.said(row, found, member, announce=announce)}


@login_required
@require_safe
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """A form to answer one comment, in its place; ``?quote`` begins with its words."""
    parent = load(Comment, request, "author", "parent", pk=pk)
    item = load_kind(request, parent.item_id, "space", "author")
    if "close" in request.GET:
        context = {"slot": f"reply-{parent.parent_id or parent.pk}"}
        return respond(request, "community/_reply.html", "community/_reply.html", context)
    policies.may(request.user, "comment", item).enforce()
    quoted = quote(parent) if "quote" in request.GET else ""
    context = comment_form(item, request.user, parent=parent, quoted=quoted, takes_focus=True)
    return respond(request, "community/comment_form.html", "community/_reply.html", context)


def quote(thing: Any, most: int = 600) -> str:
    """Somebody's words as a quotation in Markdown, with their name."""
    words = thing.text.strip()
    if len(words) > most:
        words = words[:most].rsplit(" ", 1)[0] + "…"
    lines = [f"**{_name(thing.author)}:**", *words.splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines if not line.startswith("> "))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one's own words, in their place."""
    found = load(Comment, request, "author", pk=pk)
    item = load_kind(request, found.item_id, "space")
    policies.may(request.user, "edit", found).enforce()
    problem, tokens = "", [medium.token for medium in found.media.all()]
    if request.method == "POST":
        form = WritingForm(request.POST)
        try:
            tokens = writing.brought(request)
            if form.is_valid():
                text = form.cleaned_data["text"]
                operations.edit_comment(found, text=text, by=request.user, media=tokens)
                if not request.htmx:
                    return redirect("comment", pk)
                template = "community/_comment.html"
                return respond(request, template, template, one(request, item, pk))
            problem = form.errors["text"][0]
        except (Refused, ValidationError) as error:
            problem = writing.said_wrong(error)
    place = f"edit:{pk}"
    kept = {"media": tokens} if problem else None
    editor = writing.editor(request.user, place, kept=kept, item=item.pk)
    if not editor["data"].get("media"):
        editor["media"] = writing.attached(tokens, request.user)
    initial = {"text": editor["data"].get("text") or found.text}
    form = WritingForm(request.POST if problem else None, place=place, initial=initial)
    form.fields["text"].label = _("Your comment")
    form.fields["text"].widget.attrs["data-focus"] = True
    if problem:
        form.add_error("text", problem)
    context = {
        "form": form,
        "editor": editor,
        "comment": found,
        "item": item,
        "cancel_url": reverse("comment", args=[pk]),
        "cancel_get": reverse("show_comment", args=[pk]),
        "cancel_target": f"#comment-{pk}",
    }
    return respond(
        request,
        "community/edit_comment.html",
        "community/_comment_edit.html",
        context,
        status=422 if problem else 200,
    )


@login_required
@require_safe
def show_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """One comment alone: what a cancelled edit puts back. Without scripts, its page."""
    found = load(Comment, request, pk=pk)
    if not request.htmx:
        return redirect(_place(request, found))
    item = load_kind(request, found.item_id, "space")
    template = "community/_comment.html"
    return respond(request, template, template, one(request, item, pk))


@login_required
@require_POST
def delete_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a comment away; it can be brought back at once."""
    found = load(Comment, request, pk=pk)
    place = _place(request, found).partition("?")[0]
    writing_operations.delete_item(found, by=request.user)
    undo = reverse("restore_comment", args=[pk])
    text = _("The comment is gone.")
    if not request.htmx:
        messages.success(request, text, extra_tags=f"undo:{undo}")
        return redirect(f"{place}#comments")
    answer = render(request, "community/_comment_gone.html", {"pk": pk})
    return trigger_client_event(answer, "toast", {"text": text, "undo": undo})


@login_required
@require_POST
def restore_comment(request: HttpRequest, pk: int) -> HttpResponse:
    found = load_gone(request, Comment, pk)
    writing_operations.restore_item(found, by=request.user)
    messages.success(request, _("The comment is back."))
    return redirect("comment", pk)


@login_required
@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said before each change, of a comment or of whatever has words."""
    item = load_kind(request, pk, "author", "space")
    context = {
        "item": item,
        "revisions": earlier.words(item, viewer(request)),
        "address": registry.kind(item.kind).address(pk),
    }
    return respond(request, "community/history.html", "community/_history.html", context)
