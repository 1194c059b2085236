"""The community, spaces, who belongs, items and invitations, as staff look at them.

What the member of staff may not see on the site is not here either: `visible_to` decides.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from community.admin.site import Looked, StaffSite, column, titled
from community.models import (
    Community,
    Invitation,
    Item,
    Member,
    Membership,
    Openness,
    Space,
)
from community.registry import registry


class CommunityAdmin(Looked):
    one, many = _("Site settings"), _("Site settings")
    list_display = fields = readonly_fields = (
        column("name", _("Name"), sorts=False),
        column("tagline", _("Headline")),
        column("brand", _("Brand colour")),
        column("default_language", _("Language")),
        column("timezone", _("Time zone")),
        column("who_starts_groups", _("Who starts groups")),
    )

    def named(self, row: Community) -> str:
        return row.name


class SpaceAdmin(Looked):
    one, many = _("Group"), _("Groups")
    list_display = (
        column("name", _("Name")),
        column("openness", _("Who sees it")),
        column("join_policy", _("How people come in")),
        column("member_count", _("People")),
        column("created_at", _("Made")),
        column("closed_at", _("Ended")),
    )
    list_filter = (("openness", titled(_("Who sees it"))),)
    search_fields = ("name",)
    ordering = ("-created_at", "-pk")
    fields = readonly_fields = (
        column("name", _("Name")),
        column("kind", _("Kind")),
        column("purpose", _("Purpose")),
        column("openness", _("Who sees it")),
        column("join_policy", _("How people come in")),
        column("invite_ring", _("Who may invite")),
        column("member_count", _("People")),
        column("created_at", _("Made")),
        column("listed_at", _("Open since")),
        column("closed_at", _("Ended")),
    )

    def scoped(self, rows: QuerySet, member: Member) -> QuerySet:
        return rows.visible_to(member)

    def named(self, row: Space) -> str:
        return row.name


class MembershipAdmin(Looked):
    """Who belongs to what is open to every member; of closed groups only those one is in."""

    one, many = _("Membership"), _("Who belongs where")
    list_display = (
        column("member", _("Person"), sorts=False),
        column("space", _("Group"), sorts=False),
        column("ring", _("As")),
        column("joined_at", _("Since")),
    )
    list_filter = (("ring", titled(_("As"))),)
    search_fields = ("member__name", "space__name")
    list_select_related = ("member", "space")
    ordering = ("-joined_at", "-pk")
    opens_rows = False

    def scoped(self, rows: QuerySet, member: Member) -> QuerySet:
        readable = Q(space__openness__in=(Openness.PUBLIC, Openness.OPEN)) & Q(
            space__listed_at__isnull=False
        )
        return rows.filter(readable | Q(space__in=list(member.rings)))


class KindFilter(admin.SimpleListFilter):
    title = _("Kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(kind.name, kind.label) for kind in registry.kinds.values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class ItemAdmin(Looked):
    """What was made, where, by whom and when; the text is read on its own page."""

    one, many = _("Item"), _("What was made")
    list_display = (
        column("pk", _("Number")),
        "sort",
        column("title", _("Title")),
        column("space", _("Group"), sorts=False),
        column("author", _("By"), sorts=False),
        column("created_at", _("Made")),
        column("edited_at", _("Changed")),
    )
    list_filter = (KindFilter,)
    search_fields = ("title",)
    list_select_related = ("space", "author")
    ordering = ("-created_at", "-pk")
    fields = readonly_fields = (
        *list_display,
        column("min_ring", _("Who reads it")),
        column("comment_count", _("Answers")),
    )

    def scoped(self, rows: QuerySet, member: Member) -> QuerySet:
        return rows.visible_to(member).defer("search")

    @admin.display(description=_("Kind"))
    def sort(self, item: Item) -> Any:
        return registry.kind(item.kind).label


class InvitationAdmin(Looked):
    """Doors that stand open; never the link, nor whom it was sent to."""

    one, many = _("Invitation"), _("Invitations")
    list_display = (
        column("pk", _("Number")),
        column("space", _("Group"), sorts=False),
        column("created_by", _("By"), sorts=False),
        column("ring", _("As")),
        "used",
        column("created_at", _("Made")),
        column("expires_at", _("Works until")),
        column("revoked_at", _("Taken back")),
    )
    list_select_related = ("space", "created_by")
    ordering = ("-created_at", "-pk")
    fields = readonly_fields = list_display

    def scoped(self, rows: QuerySet, member: Member) -> QuerySet:
        spaces = Space.objects.visible_to(member)
        return rows.filter(space__in=spaces.values("pk")).defer("token_hash", "email", "note")

    @admin.display(description=_("Used"))
    def used(self, invitation: Invitation) -> str:
        return f"{invitation.uses} / {invitation.max_uses}"


def register(site: StaffSite) -> None:
    site.register(Community, CommunityAdmin)
    site.register(Space, SpaceAdmin)
    site.register(Membership, MembershipAdmin)
    site.register(Item, ItemAdmin)
    site.register(Invitation, InvitationAdmin)
