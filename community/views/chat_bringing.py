"""Bringing an exchange into Talk: asked for, answered, done."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from community import drafts
from community.htmx import load, viewer
from community.models import Bringing, BringingPart
from community.operations import chat as operations
from community.views.chat import load_message


@login_required
@require_POST
def ask_to_bring(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    found = load_message(request, pk, seq)
    return redirect(operations.ask_to_bring(found, by=viewer(request)))


@login_required
@require_safe
def bringing(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose words it would be, and what each says to that; the asked read their own words."""
    member = viewer(request)
    found = load(Bringing, request, "room__space", "by", pk=pk)
    rows = found.parts.select_related("member__avatar", "message").order_by("message__seq")
    is_mine = found.by_id == member.pk
    parts = [part for part in rows if is_mine or part.member_id == member.pk]
    context = {
        "bringing": found,
        "parts": parts,
        "is_mine": is_mine,
        "answers": BringingPart.Answer,
        "answer": next((part.answer for part in parts if part.member_id == member.pk), ""),
        "waiting": sum(not part.answer for part in rows),
        "some_yes": any(part.answer in ("named", "unnamed") for part in rows),
    }
    return render(request, "community/bringing.html", context)


@login_required
@require_POST
def answer_to_bring(request: HttpRequest, pk: int) -> HttpResponse:
    found = load(Bringing, request, pk=pk)
    operations.answer_to_bring(found, answer=request.POST.get("answer", ""), by=viewer(request))
    return redirect(found)


@login_required
@require_POST
def bring_to_talk(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft of a topic, where one writes topics."""
    member = viewer(request)
    found = load(Bringing, request, "room__space", pk=pk)
    draft = operations.bring_to_talk(found, by=member)
    place = next((one.url for one in drafts.of(member) if one.draft.pk == draft.pk), "")
    return redirect(place or "drafts")
