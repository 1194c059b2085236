"""What the stewards of a group can change about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community import policies as core
from community.htmx import respond
from community.models import Community, Media, Member, Ring
from community.operations import media
from community.policies import Refused
from groups import policies
from groups.forms.care import ContactsForm
from groups.forms.groups import (
    ChangeDoorsForm,
    CoverForm,
    DescribeForm,
    ParentsForm,
    TabsForm,
)
from groups.models import Group, Parentage
from groups.operations import groups as operations
from groups.operations import parents as parenthood
from groups.operations.tabs import arrange_tabs
from groups.views import frame

MOST_PEOPLE = 300
MOST_PARENTS = 60


def _mine(request: HttpRequest, slug: str) -> Group:
    group = frame.load_group(request, slug)
    policies.can_change_group(request.user, group).enforce()
    return group


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """How the group describes itself; and from here its doors, its tabs, its roles, its place."""
    group = _mine(request, slug)
    forms = _forms(request, group)
    form = forms["describe"] = DescribeForm(
        request.POST or None,
        areas=_areas(),
        initial=_described(group),
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and _try(form, operations.update_group, group, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("Saved."))
        return redirect("groups:settings", slug)
    return _page(request, group, forms)


def _here(slug: str, section: str) -> str:
    """The page with one of its sections open."""
    return f"{reverse('groups:settings', args=[slug])}?open={section}"


def _described(group: Group) -> dict[str, Any]:
    names = ("kind", "area", "languages", "rhythm", "outside_link")
    said = {name: getattr(group, name) for name in names}
    return said | {"name": group.space.name, "purpose": group.space.purpose}


@login_required
@require_POST
def doors(request: HttpRequest, slug: str) -> HttpResponse:
    """Who sees the group, and how people come in."""
    group = _mine(request, slug)
    forms = _forms(request, group)
    form = forms["doors"] = ChangeDoorsForm(request.POST, space=group.space)
    if form.is_valid():
        said = {key: value for key, value in form.cleaned_data.items() if key != "told"}
        if _try(form, operations.change_openness, group, by=request.user, **said):
            messages.success(request, _("Saved."))
            return redirect(_here(slug, "doors"))
    return _page(request, group, forms)


@login_required
@require_POST
def cover(request: HttpRequest, slug: str) -> HttpResponse:
    """A picture of its own, or back to the woven one."""
    group = _mine(request, slug)
    if "remove" in request.POST:
        operations.set_cover(group, cover=None, by=request.user)
        return redirect(_here(slug, "cover"))
    forms = _forms(request, group)
    form = forms["cover"] = CoverForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            stored = media.store_upload(
                form.cleaned_data["cover"],
                purpose=Media.Purpose.COVER,
                by=request.user,
                alt=group.space.name,
            )
            operations.set_cover(group, cover=stored, by=request.user)
        except ValidationError as error:
            form.add_error("cover", error)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("That is the new picture."))
            return redirect(_here(slug, "cover"))
    return _page(request, group, forms)


@login_required
@require_POST
def tabs(request: HttpRequest, slug: str) -> HttpResponse:
    """Which parts of a group are shown, in which order and under which words."""
    group = _mine(request, slug)
    forms = _forms(request, group)
    form = forms["tabs"] = TabsForm(request.POST, space=group.space)
    if form.is_valid() and _try(form, arrange_tabs, group, by=request.user, **form.arranged()):
        messages.success(request, _("Saved."))
        return redirect(_here(slug, "tabs"))
    return _page(request, group, forms)


@login_required
@require_POST
def roles(request: HttpRequest, slug: str) -> HttpResponse:
    """Who welcomes, whom to turn to, when the first meeting was."""
    group = _mine(request, slug)
    forms = _forms(request, group)
    people = {person.pk: person for person in _people(group, request.user)}
    form = forms["roles"] = ContactsForm(request.POST, people=list(people.values()))
    if form.is_valid():
        said = form.cleaned_data
        done = _try(
            form,
            operations.name_contacts,
            group,
            by=request.user,
            welcomer=people.get(said["welcomer"]),
            safety_contact=people.get(said["safety_contact"]),
            first_meeting_at=said["first_meeting_at"],
        )
        if done:
            messages.success(request, _("Saved."))
            return redirect(_here(slug, "roles"))
    return _page(request, group, forms)


@login_required
@require_POST
def parents(request: HttpRequest, slug: str) -> HttpResponse:
    """Which groups it belongs to."""
    group = _mine(request, slug)
    offered = possible_parents(request.user, group)
    forms = _forms(request, group)
    form = forms["parents"] = ParentsForm(request.POST, parents=offered)
    if form.is_valid():
        wanted = set(form.cleaned_data.get("parents", ()))
        kept_unseen = group.parents.exclude(pk__in=[parent.pk for parent in offered])
        chosen = [parent for parent in offered if parent.pk in wanted] + list(
            kept_unseen.select_related("space")
        )
        if _try(form, parenthood.set_parents, group, by=request.user, parents=chosen):
            messages.success(request, _("Saved."))
            return redirect(_here(slug, "parents"))
    return _page(request, group, forms)


def _forms(request: HttpRequest, group: Group) -> dict[str, Any]:
    """Every form of the page, unbound; the view that was posted to puts its own in place."""
    space = group.space
    offered = possible_parents(request.user, group)
    return {
        "describe": DescribeForm(areas=_areas(), initial=_described(group)),
        "doors": ChangeDoorsForm(
            space=space,
            initial={
                "openness": space.openness,
                "join_policy": space.join_policy,
                "questions": space.questions,
                "invite_ring": space.invite_ring,
                "first_volume": space.first_volume,
            },
        ),
        "cover": CoverForm(),
        "roles": ContactsForm(
            people=_people(group, request.user),
            initial={
                "welcomer": group.welcomer_id,
                "safety_contact": group.safety_contact_id,
                "first_meeting_at": group.first_meeting_at,
            },
        ),
        "tabs": TabsForm(space=space),
        "parents": ParentsForm(
            parents=offered,
            initial={"parents": list(group.parents.values_list("pk", flat=True))},
        ),
    }


def _page(request: HttpRequest, group: Group, forms: dict[str, Any]) -> HttpResponse:
    context = {
        "group": group,
        "space": group.space,
        "forms": forms,
        "areas": _areas(),
    }
    failed = [name for name, form in forms.items() if form.errors]
    context["open_section"] = failed[0] if failed else request.GET.get("open", "describe")
    return respond(
        request, "groups/settings.html", "groups/_settings.html", context, 422 if failed else 200
    )


def possible_parents(member: Member, group: Group | None = None) -> list[Group]:
    """Groups that this member may hang one under, and those it hangs under already.

    To stewards of the community, who may use any, those that hold others together already.
    """
    found = (
        Group.objects.visible_to(member)
        .exclude(state__in=(Group.State.PROPOSED, Group.State.ARCHIVED))
        .select_related("space")
        .order_by("space__name")
    )
    if group is not None:
        found = found.exclude(pk=group.pk)
    held = set(group.parents.values_list("pk", flat=True)) if group is not None else set()
    mine = [pk for pk, ring in member.rings.items() if ring >= Ring.PARTICIPANT]
    offered = Q(pk__in=[*held, *mine])
    if core.steers_community(member):
        umbrella = Exists(Parentage.objects.filter(parent=OuterRef("pk")))
        offered |= Q(kind=Group.Kind.REGION) | Q(umbrella)
    return list(found.filter(offered)[:MOST_PARENTS])


def _people(group: Group, member: Member) -> list[Member]:
    return list(
        Member.objects.visible_to(member)
        .filter(membership__space=group.space, membership__ring__gte=Ring.PARTICIPANT)
        .order_by("name")[:MOST_PEOPLE]
    )


def _areas() -> list[str]:
    return Community.objects.values_list("areas", flat=True).first() or []


def _try(form: Any, operation: Any, group: Group, **said: Any) -> Group | None:
    try:
        return operation(group, **said)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return None
