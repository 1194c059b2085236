"""A person's page, as far as it is shown to whoever looks; and keeping people away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import directory, keyset, profiles, prose
from community.context import frame_of
from community.forms.people import DirectoryForm
from community.htmx import respond
from community.models import Block, Member, Membership, Mute, Space
from community.operations import people as operations
from community.prepared import prepared

SIZE = 24


@login_required
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The profile; or the name alone, of somebody whose words the viewer reads; else 404."""
    viewer = request.user
    found = Member.objects.visible_to(viewer).select_related("avatar").filter(pk=pk).first()
    if found is None:
        return _name_only(request, pk)
    profiles.reveal([found], viewer)
    context = {
        "person": found,
        "about": prose.render(found.shown.get("about") or "", short=True),
        "is_me": found.pk == viewer.pk,
        "groups": _shared_spaces(found, viewer),
        "muted": Mute.objects.filter(member=viewer, muted=found).exists(),
    }
    return render(request, "community/person.html", context)


def _name_only(request: HttpRequest, pk: int) -> HttpResponse:
    """They do not share their profile, but what they wrote says who they are."""
    viewer = request.user
    found = profiles.known_by_name(pk, viewer)
    if found is None:
        raise Http404
    muted = Mute.objects.filter(member=viewer, muted=found).exists()
    return render(request, "community/person_name_only.html", {"person": found, "muted": muted})


def _shared_spaces(person: Member, viewer: Member) -> list[Space]:
    """Spaces of the person that both are in, the whole community apart.

    That somebody is in a space is told to the people of that space only.
    """
    told = viewer.group_ids if person.pk == viewer.pk else profiles.circles(viewer)
    ids = Membership.objects.filter(member=person, space__in=told).values("space")
    return list(
        Space.objects.visible_to(viewer).filter(pk__in=ids, closed_at=None).order_by("name")
    )


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Those who chose to stand in the list, by name, with filters."""
    form = DirectoryForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    cursor = request.GET.get("cursor")
    if cursor or any(wanted.values()):
        found = directory.search(request.user, wanted)
        page = keyset.page(found, cursor, order=directory.ORDER, size=SIZE)
    else:
        page = keyset.first_page(_first(frame_of(request).member), order=directory.ORDER, size=SIZE)
    profiles.reveal(page.rows, request.user)
    context = {
        "page": page,
        "form": form,
        "my_spaces": [
            request.user.memberships_by_space[pk].space for pk in profiles.circles(request.user)
        ],
        "filtered": any(wanted.values()),
        "query": _query(request),
        "is_first": not (request.GET.get("cursor") and request.htmx),
    }
    return respond(request, "community/people.html", "community/_people.html", context)


@prepared
def _first(reader: Any) -> QuerySet:
    return directory.search(reader, {}).order_by(*directory.ORDER)[: SIZE + 1]


def _query(request: HttpRequest) -> str:
    """The filters of this page, for the address of the next one."""
    query = request.GET.copy()
    query.pop("cursor", None)
    return query.urlencode()


# Keeping away


def _other(request: HttpRequest, pk: int) -> Member:
    """Somebody else the viewer knows; keeping apart needs no more than a name."""
    viewer = request.user
    found = Member.objects.visible_to(viewer).filter(pk=pk).first()
    found = found or profiles.known_by_name(pk, viewer)
    if found is None or found.pk == viewer.pk:
        raise Http404
    return found


@login_required
@require_POST
def block(request: HttpRequest, pk: int) -> HttpResponse:
    other = _other(request, pk)
    operations.block(other, by=request.user)
    messages.success(
        request,
        _("You and %(name)s do not see each other any more.") % {"name": other.display_name},
        extra_tags=f"undo:{reverse('unblock', args=[pk])}",
    )
    return redirect("kept_away")


@login_required
@require_POST
def unblock(request: HttpRequest, pk: int) -> HttpResponse:
    mine = Block.objects.filter(member=request.user, blocked=pk).select_related("blocked").first()
    if mine is not None:
        operations.unblock(mine.blocked, by=request.user)
        messages.info(
            request, _("%(name)s is no longer blocked.") % {"name": mine.blocked.display_name}
        )
    return redirect("kept_away")


@login_required
@require_POST
def mute(request: HttpRequest, pk: int) -> HttpResponse:
    other = _other(request, pk)
    operations.mute(other, by=request.user)
    messages.success(
        request,
        _("You will not hear of %(name)s on Today and in notices.") % {"name": other.display_name},
        extra_tags=f"undo:{reverse('unmute', args=[pk])}",
    )
    return redirect("person", pk=pk)


@login_required
@require_POST
def unmute(request: HttpRequest, pk: int) -> HttpResponse:
    mine = Mute.objects.filter(member=request.user, muted=pk).select_related("muted").first()
    if mine is not None:
        operations.unmute(mine.muted, by=request.user)
        messages.info(request, _("You hear of %(name)s again.") % {"name": mine.muted.display_name})
    return redirect("kept_away")


@login_required
@require_safe
def kept_away(request: HttpRequest) -> HttpResponse:
    """Whom one blocked and muted. Only one's own lists: nobody learns who blocked them."""
    context = {
        "blocked": Member.objects.filter(blocked_by__member=request.user)
        .select_related("avatar")
        .order_by("-blocked_by__created_at"),
        "muted": Member.objects.filter(pk__in=request.user.mutes.values("muted"))
        .select_related("avatar")
        .order_by("name"),
    }
    return render(request, "community/kept_away.html", context)
