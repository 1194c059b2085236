"""The site of the staff's admin: only for looking, for those whose role opens it.

Django's own admin trusts whoever enters: it lists any column on request, changes and deletes any
row, and keeps its own log. Here nothing can be added, changed or deleted, lists answer only the
filters they show, and what can be done is an operation behind a form of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import display_for_value
from django.contrib.admin.views.main import ERROR_FLAG
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community import staff
from community.forms.staff import EverybodyForm, ReasonForm
from community.models import Community
from community.operations import staff as operations
from community.policies import Refused

_GONE = {"password_change", "password_change_done", "autocomplete", "view_on_site"}

View = Callable[..., HttpResponse]


class StaffSite(admin.AdminSite):
    index_template = "admin/staff/index.html"
    index_title = gettext_lazy("What staff look at")
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and staff.enters_admin(request.user)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Whoever is signed in and has no business here finds nothing here."""
        inner = super().admin_view(view, cacheable)

        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return entered

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """As everybody signs in: with limits to trying, and with the second factor."""
        if request.user.is_authenticated:
            if not self.has_permission(request):
                raise Http404
            return redirect("admin:index")
        return secure_admin_login(super().login)(request, extra_context)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("account_logout")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        community = Community.objects.current()
        name = community.name if community else ""
        return super().each_context(request) | {
            "site_title": name,
            "site_header": _("%(name)s: staff") % {"name": name},
            "trial": not settings.STAFF_SECOND_FACTOR,
            "may_end_sessions": bool(staff.ADMIN in request.user.staff_roles),
        }

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        found = super().get_app_list(request, app_label)
        for app in found:
            app["name"] = _("Look at")
            for entry in app["models"]:
                entry["name"] = self._registry[entry["model"]].many
            app["models"].sort(key=lambda entry: str(entry["name"]))
        return found

    def get_log_entries(self, request: HttpRequest) -> Any:
        """None: the audit log is ours."""
        return ()

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("sessions/end/", self.admin_view(self.end_all_sessions), name="end_all_sessions"),
        ]
        return own + [
            pattern for pattern in super().get_urls() if getattr(pattern, "name", None) not in _GONE
        ]

    # Forms in front of operations

    def ask(
        self,
        request: HttpRequest,
        form: ReasonForm,
        *,
        title: str,
        does: str,
        act: Callable[..., str],
        back: str,
        lead: str = "",
        hurts: bool = True,
    ) -> HttpResponse:
        """Show the form; when it is filled in, ``act(**typed)`` and say what it returned.

        For what hurts in the wrong hands, whoever did not prove within ten minutes who they are
        is asked again first.
        """
        if request.method == "POST" and hurts:
            get_adapter().is_reauthentication_required(app="allauth.account")
        if request.method == "POST" and form.is_valid():
            try:
                told = act(**form.cleaned_data)
            except Refused as refused:
                form.add_error(None, str(refused.reason))
            else:
                messages.success(request, told)
                return redirect(back)
        context = self.each_context(request) | {
            "title": title,
            "lead": lead,
            "form": form,
            "does": does,
            "back": back,
        }
        request.current_app = self.name
        return TemplateResponse(
            request, "admin/staff/act.html", context, status=422 if form.errors else 200
        )

    def end_all_sessions(self, request: HttpRequest) -> HttpResponse:
        if staff.ADMIN not in request.user.staff_roles:
            raise Http404

        def act(*, reason: str, typed: str) -> str:
            key = request.session.session_key
            ended = operations.end_all_sessions(by=request.user, reason=reason, but=key)
            return _("Everybody is signed out: %(n)s sessions, all but yours.") % {"n": ended}

        return self.ask(
            request,
            EverybodyForm(request.POST or None),
            title=_("Sign everybody out"),
            lead=_(
                "For the case that strangers may be signed in as members. Everybody has to sign "
                "in again; nothing they wrote is lost."
            ),
            does=_("Sign everybody out"),
            act=act,
            back=reverse("admin:index"),
        )


def column(path: str, label: Any, *, boolean: bool = False, sorts: bool = True) -> View:
    """A column of a row under a name of its own, as people would say it."""

    @admin.display(description=label, ordering=path if sorts else None, boolean=boolean)
    def shown(row: Any) -> Any:
        in_words = getattr(row, f"get_{path}_display", None)
        value = in_words() if in_words else getattr(row, path)
        if value is None or (isinstance(value, date) and not boolean):
            return display_for_value(value, StaffSite.empty_value_display)
        return value

    shown.column = path
    return shown


def titled(title: Any) -> type:
    """A filter of Django's, under a name of its own."""

    class Titled(admin.FieldListFilter):
        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            made = admin.FieldListFilter.create(*args, **kwargs)
            made.title = title
            return made

    return Titled


class Looked(admin.ModelAdmin):
    """Rows to look at: no adding, changing, deleting, exporting."""

    one: Any = ""
    many: Any = ""
    """What a row and the list are called."""
    actions = None
    list_per_page = 50
    list_max_show_all = 0
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False
    change_form_template = "admin/staff/change_form.html"
    change_list_template = "admin/staff/change_list.html"
    opens_rows = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.view_{self.opts.model_name}")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the list offers as a filter: any other column could be guessed by asking."""
        filters = {found[0] for found in self.list_filter if isinstance(found, tuple)}
        return lookup.split("__")[0] in filters

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        return super().get_list_display_links(request, list_display) if self.opens_rows else None

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        if not self.has_view_permission(request):
            return self.model._default_manager.none()
        return self.scoped(super().get_queryset(request), request.user)

    def scoped(self, rows: QuerySet, member: Any) -> QuerySet:
        """The rows this member of staff looks at."""
        return rows

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request) or request.method not in ("GET", "HEAD"):
            raise Http404
        if ERROR_FLAG in request.GET:
            return redirect(request.path)
        around = {"tools": self.list_tools(request), "title": self.many, "many": self.many}
        return super().changelist_view(request, around | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None or not self.opens_rows:
            raise Http404
        around = {"tools": self.row_tools(request, row), "show_close": True, "many": self.many}
        # Django would write the row's own words there, which may say more than its columns here.
        name = self.named(row)
        around |= {"title": self.one, "original": name, "subtitle": name}
        return super().change_view(request, object_id, form_url, around | (extra_context or {}))

    def named(self, row: Any) -> str:
        """What the page of a row is called."""
        return f"{self.one} {row.pk}"

    def list_tools(self, request: HttpRequest) -> list[tuple[str, str]]:
        """(words, address) of what can be done from the list."""
        return []

    def row_tools(self, request: HttpRequest, row: Any) -> list[tuple[str, str]]:
        """(words, address) of what can be done with a row."""
        return []

    def get_urls(self) -> list[URLPattern]:
        """The list and one row; nothing to add, delete, or see the history of Django's own log."""
        ends = ("_changelist", "_change")
        kept = [p for p in super().get_urls() if (p.name or "").endswith(ends)]
        return self.own_urls() + kept

    def own_urls(self) -> list[URLPattern]:
        return []

    def address(self, what: str, *args: Any) -> str:
        """``address("changelist")``, ``address("change", 3)`` of this model."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{what}", args=args)
