"""People and their staff roles, as staff look at them: a page opens with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community import staff
from community.admin.site import Looked, StaffSite, column, titled
from community.forms.staff import ReasonForm, RoleForm
from community.models import AuditEntry, Member, Membership, Openness, StaffRole
from community.operations import staff as operations

OPEN_FOR = timedelta(minutes=30)
SEES_EVERYBODY = SEES_EMAIL = {staff.ADMIN, staff.DATA_PROTECTION}
LABELS = dict(StaffRole.Role.choices)


def is_open(person: Member, *, to: Member) -> bool:
    """Whether somebody may look at a page now: their own, or one they gave a reason for."""
    if person.pk == to.pk:
        return True
    return AuditEntry.objects.filter(
        action="admin.opened_person",
        by_id=to.pk,
        person_id=person.pk,
        at__gte=now() - OPEN_FOR,
    ).exists()


class MemberAdmin(Looked):
    one, many = gettext_lazy("Person"), gettext_lazy("People")
    list_display = (
        column("display_name", gettext_lazy("Name"), sorts=False),
        column("pk", gettext_lazy("Number")),
        column("joined_at", gettext_lazy("Joined")),
        column("last_seen_on", gettext_lazy("Last here")),
        column("is_active", gettext_lazy("Account open"), boolean=True),
        "roles",
    )
    list_filter = (("is_active", titled(gettext_lazy("Account open"))),)
    search_fields = ("name", "handle")
    search_help_text = gettext_lazy("By name or @name.")
    ordering = ("-joined_at", "-pk")
    FIELDS = (
        column("pk", gettext_lazy("Number")),
        column("name", gettext_lazy("Name")),
        column("handle", gettext_lazy("@name")),
        column("joined_at", gettext_lazy("Joined")),
        column("onboarded_at", gettext_lazy("Came in")),
        column("last_seen_on", gettext_lazy("Last here")),
        column("is_active", gettext_lazy("Account open"), boolean=True),
        column("suspended_until", gettext_lazy("Suspended until")),
        column("language", gettext_lazy("Language")),
        "roles",
        "groups",
    )
    EMAIL = column("email", gettext_lazy("E-mail"))

    def scoped(self, rows: QuerySet, member: Member) -> QuerySet:
        """Everybody for those who answer for accounts and data; for others whom they may see."""
        if not member.staff_roles & SEES_EVERYBODY:
            rows = rows.visible_to(member)
        roles = StaffRole.objects.filter(member=OuterRef("pk")).order_by("pk").values("role")
        return rows.defer("password", "email").annotate(held=ArraySubquery(roles))

    @admin.display(description=gettext_lazy("Staff roles"))
    def roles(self, person: Member) -> str:
        return ", ".join(str(LABELS.get(role, role)) for role in person.held)

    @admin.display(description=gettext_lazy("Groups"))
    def groups(self, person: Member) -> str:
        """Secret ones stay out: that somebody is in one is theirs to tell."""
        rows = (
            Membership.objects.filter(member=person, space__closed_at=None)
            .exclude(space__openness=Openness.SECRET)
            .select_related("space")
            .order_by("space__name")
        )
        return format_html_join(
            ", ", "{} ({})", ((row.space.name, row.get_ring_display()) for row in rows)
        )

    @admin.display(description=gettext_lazy("Signs in with"))
    def signs_in_with(self, person: Member) -> str:
        kinds = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
        found = [_("a code by e-mail")]
        if person.has_usable_password():
            found.append(_("a password"))
        if Authenticator.Type.WEBAUTHN in kinds:
            found.append(_("a passkey"))
        if Authenticator.Type.TOTP in kinds:
            found.append(_("an authenticator app"))
        return ", ".join(found)

    @admin.display(description=gettext_lazy("Signed in"))
    def signed_in(self, person: Member) -> str:
        count = UserSession.objects.filter(user=person).count()
        return ngettext("in %(n)s browser", "in %(n)s browsers", count) % {"n": count}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = list(self.FIELDS)
        if request.user.staff_roles & SEES_EMAIL:
            fields.insert(3, MemberAdmin.EMAIL)
            fields += ["signs_in_with", "signed_in"]
        return fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return self.get_fields(request, obj)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        person = self._person(request, object_id)
        if not is_open(person, to=request.user):
            return redirect(self.address("why", person.pk))
        return super().change_view(request, object_id, form_url, extra_context)

    def named(self, row: Member) -> str:
        return row.display_name

    def row_tools(self, request: HttpRequest, row: Member) -> list[tuple[str, str]]:
        if staff.ADMIN not in request.user.staff_roles:
            return []
        tools = [(_("Sign out everywhere"), self.address("end_sessions", row.pk))]
        if row.pk != request.user.pk:
            tools.append((_("Give a staff role"), self.address("grant_role", row.pk)))
        return tools

    def own_urls(self) -> list[URLPattern]:
        info = f"{self.opts.app_label}_{self.opts.model_name}"
        opened = self.admin_site.admin_view
        return [
            path("<int:pk>/why/", opened(self.why), name=f"{info}_why"),
            path("<int:pk>/sign-out/", opened(self.end_sessions), name=f"{info}_end_sessions"),
            path("<int:pk>/role/", opened(self.grant_role), name=f"{info}_grant_role"),
        ]

    def _person(self, request: HttpRequest, pk: Any, *, role: str = "") -> Member:
        """The person of an address, for those who look at people here; 404 for all else."""
        if role and role not in request.user.staff_roles:
            raise Http404
        person = self.get_object(request, str(pk))
        if person is None:
            raise Http404
        return person

    def why(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = self._person(request, pk)

        def act(*, reason: str) -> str:
            operations.open_person(person, by=request.user, reason=reason)
            return _("Open for half an hour. What you gave as a reason is written down.")

        return self.admin_site.ask(
            request,
            ReasonForm(request.POST or None, question=_("Why do you open this?")),
            title=_("Open the page of %(name)s") % {"name": person.display_name},
            lead=_("This page holds more than others see of a person."),
            does=_("Open it"),
            act=act,
            hurts=False,
            back=self.address("change", person.pk),
        )

    def end_sessions(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = self._person(request, pk, role=staff.ADMIN)

        def act(*, reason: str) -> str:
            ended = operations.end_sessions(person, by=request.user, reason=reason)
            return ngettext("%(n)s session ended.", "%(n)s sessions ended.", ended) % {"n": ended}

        return self.admin_site.ask(
            request,
            ReasonForm(request.POST or None),
            title=_("Sign %(name)s out everywhere") % {"name": person.display_name},
            lead=_("They have to sign in again, in every browser. Nothing is lost."),
            does=_("Sign them out"),
            act=act,
            back=self.address("change", person.pk),
        )

    def grant_role(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = self._person(request, pk, role=staff.ADMIN)

        def act(*, role: str, reason: str) -> str:
            operations.grant_role(person, role=role, by=request.user, reason=reason)
            return _("%(name)s has the role now, and is told.") % {"name": person.display_name}

        return self.admin_site.ask(
            request,
            RoleForm(request.POST or None),
            title=_("Give %(name)s a staff role") % {"name": person.display_name},
            lead=_("A staff role works once they have set up a second factor."),
            does=_("Give the role"),
            act=act,
            back=self.address("change", person.pk),
        )


class StaffRoleAdmin(Looked):
    one, many = gettext_lazy("Staff role"), gettext_lazy("Staff roles")
    list_display = fields = readonly_fields = (
        column("member", gettext_lazy("Person"), sorts=False),
        column("role", gettext_lazy("Role")),
        column("granted_at", gettext_lazy("Since")),
        column("granted_by", gettext_lazy("Given by"), sorts=False),
    )
    list_filter = (("role", titled(gettext_lazy("Role"))),)
    list_select_related = ("member", "granted_by")
    ordering = ("member__name", "role")

    def row_tools(self, request: HttpRequest, row: StaffRole) -> list[tuple[str, str]]:
        if staff.ADMIN not in request.user.staff_roles or row.member_id == request.user.pk:
            return []
        return [(_("Take this role away"), self.address("revoke", row.pk))]

    def own_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_revoke"
        return [path("<int:pk>/revoke/", self.admin_site.admin_view(self.revoke), name=name)]

    def revoke(self, request: HttpRequest, pk: int) -> HttpResponse:
        held = self.get_object(request, str(pk))
        if held is None or staff.ADMIN not in request.user.staff_roles:
            raise Http404

        def act(*, reason: str) -> str:
            operations.revoke_role(held.member, role=held.role, by=request.user, reason=reason)
            return _("The role is taken away, and they are told.")

        return self.admin_site.ask(
            request,
            ReasonForm(request.POST or None),
            title=_("Take a role away: %(role)s, %(name)s")
            % {"role": held.get_role_display(), "name": held.member.display_name},
            lead=_("It ends with their next click."),
            does=_("Take it away"),
            act=act,
            back=self.address("changelist"),
        )


def register(site: StaffSite) -> None:
    site.register(Member, MemberAdmin)
    site.register(StaffRole, StaffRoleAdmin)
