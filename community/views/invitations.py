"""Inviting people, and the door an invitation opens: GET shows, POST uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from community import limits, policies
from community.accounts.adapter import INVITATION
from community.forms.invitations import LinkForm, MailForm
from community.htmx import respond, viewer
from community.models import Invitation, JoinRequest, Media, Member, Ring, Space
from community.operations import invitations
from community.policies import Refused

MOST_SHOWN = 100


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody sees who was invited. Only a POST uses it: mail scanners open every link."""
    found = (
        Invitation.objects.for_token(token)
        .select_related("space__cover", "created_by__avatar")
        .first()
    )
    member = viewer(request)
    works = found is not None and policies.can_use(member, found)
    present = member.memberships_by_space.get(found.space_id) if member and works else None
    if request.method == "POST" and works:
        if member is None:
            request.session[INVITATION] = token
            return redirect("account_signup")
        try:
            came = invitations.use_invitation(token, by=member)
        except Refused as refused:
            works = policies.no(refused.reason)
        else:
            return _arrived(request, came, further=present)
    context = {
        "invitation": found if works else None,
        "space": found.space if works else None,
        "cover": _cover(found.space, member) if works else None,
        "reason": None if works else _gone(works),
        "inside": works and present,
        "further": works and policies.leads_further_in(found, present),
        "token": token,
        "signin_url": f"{reverse('account_login')}?{urlencode({'next': request.path})}",
        "ring": Ring(found.ring) if works else None,
    }
    status = 200 if works else 404
    return respond(
        request, "community/invitation.html", "community/_invitation.html", context, status
    )


def _cover(space: Space, member: Member | None) -> Media | None:
    """The picture of the space, if whoever looks may open it before they are in."""
    if space.cover is None or not Space.objects.visible_to(member).filter(pk=space.pk).exists():
        return None
    return space.cover


def _gone(works: Any) -> Any:
    verdict_reason = getattr(works, "reason", "")
    return verdict_reason or _(
        "This invitation does not work any more. Ask the person who sent it for a new one."
    )


def _arrived(request: HttpRequest, came: Any, *, further: Any = None) -> HttpResponse:
    if isinstance(came, JoinRequest):
        messages.info(
            request,
            _("Almost in: one more person of %(group)s vouches for you, then a steward opens.")
            % {"group": came.space.name},
        )
        return redirect("today")
    if further and came.ring > further.ring:
        words = _("%(group)s: your place is now %(ring)s.")
        said = {"group": came.space.name, "ring": came.get_ring_display()}
        messages.success(request, words % said)
    else:
        messages.success(request, _("Welcome to %(group)s.") % {"group": came.space.name})
    return redirect(came.space.get_absolute_url())


# Making invitations


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite people into the community as a whole."""
    return invite_to(
        request,
        _community(request.user),
        here=reverse("invite"),
        back=reverse("people"),
        revoke=lambda pk: reverse("revoke_invitation", args=[pk]),
    )


def _community(member: Member) -> Space:
    """The whole community, for those who belong to it."""
    for held in member.memberships_by_space.values():
        if held.space.is_root:
            return held.space
    raise Http404


def invite_to(
    request: HttpRequest,
    space: Space,
    *,
    here: str,
    back: str,
    revoke: Callable[[int], str],
) -> HttpResponse:
    """The page to invite into ``space``, which stands at ``here`` and leads back to ``back``.

    A link is shown once, in the answer to the POST that made it: only its hash is kept.
    """
    member = request.user
    policies.can_invite(member, space).enforce()
    offered = [
        ring.value for ring in Ring if ring and policies.can_invite_to_ring(member, space, ring)
    ]
    how = request.POST.get("how")
    mail = MailForm(request.POST if how == "mail" else None, rings=offered, prefix="mail")
    link = LinkForm(request.POST if how == "link" else None, rings=offered, prefix="link")
    url = ""
    if how == "mail" and mail.is_valid() and _mail(request, space, mail):
        return redirect(here)
    if how == "link" and link.is_valid():
        url = _link(request, space, link)
    live = Invitation.objects.live().filter(space=space).select_related("created_by")
    if not policies.stewards(member, space):
        live = live.filter(created_by=member)
    rows = list(live.order_by("-created_at")[:MOST_SHOWN])
    for row in rows:
        row.left = row.max_uses - row.uses
        row.revoke_url = revoke(row.pk)
    context = {
        "space": space,
        "here": here,
        "back": back,
        "mail": mail,
        "link": link,
        "url": url,
        "why_no_link": limits.why_no_link(member),
        "live": rows,
    }
    status = 422 if mail.errors or link.errors else 200
    return respond(request, "community/invite.html", "community/_invite.html", context, status)


def _mail(request: HttpRequest, space: Space, form: MailForm) -> bool:
    said = form.cleaned_data
    try:
        invitations.invite_by_mail(space, by=request.user, **said)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return False
    number = len(said["emails"])
    messages.success(
        request,
        ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", number)
        % {"n": number},
    )
    return True


def _link(request: HttpRequest, space: Space, form: LinkForm) -> str:
    said = form.cleaned_data
    try:
        _made, token = invitations.invite(
            space,
            by=request.user,
            ring=said["ring"],
            max_uses=said["max_uses"],
            lasts=timedelta(days=said["days"]),
        )
    except Refused as refused:
        form.add_error(None, refused.reason)
        return ""
    return request.build_absolute_uri(reverse("invitation", args=[token]))


@login_required
@require_POST
def revoke_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an invitation into the whole community."""
    return revoke_from(request, _community(request.user), pk, reverse("invite"))


def revoke_from(request: HttpRequest, space: Space, pk: int, back: str) -> HttpResponse:
    found = Invitation.objects.filter(pk=pk, space=space).select_related("space").first()
    if found is None:
        raise Http404
    invitations.revoke_invitation(found, by=request.user)
    messages.success(request, _("That invitation opens nothing any more."))
    return redirect(back)
