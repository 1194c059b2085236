"""The About tab: what a group says of itself, and its charter with every version."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.htmx import respond, viewer
from community.models import Member, Ring
from community.policies import Refused
from groups import policies
from groups.forms.care import CharterForm
from groups.models import Charter
from groups.operations import charters
from groups.views import frame


@require_safe
def about(request: HttpRequest, slug: str) -> HttpResponse:
    """What the group is, who does what in it, what it agreed on; shown at the door too."""
    group = frame.load_group(request, slug)
    context = frame.group_context(request, group, "about")
    if context["inside"]:
        context |= {
            "contacts": _contacts(group, viewer(request)),
            "versions": list(group.charters.select_related("adopted_by")[:30]),
        }
    return respond(request, "groups/about.html", "groups/_about.html", context)


def _contacts(group, member: Member | None) -> list[tuple[str, Member]]:
    """Who welcomes, whom to turn to, who keeps contact: of those whom the viewer may see."""
    named = [
        (_("Welcomes new people"), group.welcomer_id),
        (_("When something is not safe"), group.safety_contact_id),
        (_("Contact in the organisation"), group.liaison_id),
    ]
    wanted = [pk for _label, pk in named if pk]
    people = {
        person.pk: person
        for person in Member.objects.visible_to(member)
        .filter(pk__in=wanted)
        .select_related("avatar")
    }
    return [(label, people[pk]) for label, pk in named if pk in people]


@require_safe
def charter_version(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """What the charter said in an earlier version."""
    group = frame.load_inside(request, slug)
    found = group.charters.filter(version=version).select_related("adopted_by").first()
    if found is None:
        raise Http404
    newest = group.charters.values_list("version", flat=True).first()
    context = {
        "group": group,
        "space": group.space,
        "version": found,
        "is_newest": found.version == newest,
    }
    return respond(request, "groups/charter_version.html", "groups/_charter_version.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def charter(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the next version of the charter."""
    group = frame.load_group(request, slug)
    policies.can_change_group(request.user, group).enforce()
    newest = group.charters.first()
    initial = {}
    if newest is not None:
        initial = {name: getattr(newest, name) for name in (*Charter.TEXTS, "review_on")}
    elif group.space.purpose:
        initial = {"purpose": group.space.purpose, "meeting_rhythm": group.rhythm}
    form = CharterForm(request.POST or None, initial=initial)
    if newest is None:
        del form.fields["change_note"]
    if request.method == "POST" and form.is_valid():
        try:
            charters.adopt_charter(group, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("This is the charter now. Its people were told."))
            return redirect("groups:about", slug)
    context = {
        "group": group,
        "space": group.space,
        "form": form,
        "newest": newest,
        "links_url": f"{reverse('item_links')}?space={group.pk}&ring={Ring.FOLLOWER:d}",
    }
    status = 422 if form.errors else 200
    return respond(request, "groups/charter.html", "groups/_charter.html", context, status)
