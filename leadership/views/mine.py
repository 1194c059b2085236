"""The newcomer's side: who meets me, what was noted, what I said I would do."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.chat_policies import can_write_to
from community.htmx import posted, viewer
from community.models import Member
from community.policies import Refused
from leadership import forms
from leadership.models import Conversation, Welcome
from leadership.operations import welcomes as operations


def _mine(request: HttpRequest) -> Welcome:
    """My welcome, the open one or else the last; 404 for those who never had one."""
    rows = Welcome.objects.filter(member=request.user).select_related("welcomer__avatar", "space")
    found = rows.order_by("-created_at").first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def my_welcome(request: HttpRequest) -> HttpResponse:
    found = _mine(request)
    return _page(request, found, forms.ReachForm(initial={"reach_by": found.reach_by}))


def _page(request: HttpRequest, found: Welcome, form: forms.ReachForm) -> HttpResponse:
    by = viewer(request)
    meets = found.welcomer if not found.closed_at else None
    knows = Member.objects.visible_to(by).filter(pk=meets.pk).exists() if meets else False
    context = {
        "welcome": found,
        "writes": knows and bool(can_write_to(by, meets)),
        "form": form,
        "conversations": found.conversations.select_related("by"),
        "steps": found.commitments.all(),
        "written": found.contacts.filter(answered=False).exists(),
    }
    status = 422 if form.errors else 200
    return render(request, "leadership/my_welcome.html", context, status=status)


@login_required
@require_POST
def reach(request: HttpRequest) -> HttpResponse:
    """How to reach me best. It answers whoever has written to me."""
    found, form = _mine(request), forms.ReachForm(posted(request))
    if form.is_valid():
        try:
            operations.say_how(found, by=viewer(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Thank you. They can read it now."))
            return redirect("leadership:my_welcome")
    return _page(request, found, form)


@login_required
@require_POST
def another(request: HttpRequest) -> HttpResponse:
    """Somebody else, please; nobody asks why."""
    try:
        found = operations.ask_for_another(_mine(request), by=viewer(request))
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(
            request,
            _("%(name)s will welcome you.") % {"name": found.welcomer.display_name}
            if found.welcomer
            else _("We look for somebody else."),
        )
    return redirect("leadership:my_welcome")


@login_required
@require_POST
def take_yes_back(request: HttpRequest, pk: int) -> HttpResponse:
    """What was noted of a talk goes, at the word of whom it is about."""
    talk = Conversation.objects.filter(pk=pk, welcome__member=request.user)
    found = talk.select_related("welcome").first()
    if found is None:
        raise Http404
    operations.take_yes_back(found, by=viewer(request))
    messages.success(request, _("The note is gone. That you talked stays, without a word of it."))
    return redirect("leadership:my_welcome")
