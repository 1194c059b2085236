"""The site's own settings: words, looks, doors, public home, languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import colour, desk
from community.forms import site as forms
from community.htmx import posted, respond, viewer
from community.models import Community, Media
from community.operations import media
from community.operations import site as operations
from community.policies import Refused

PAGES = [
    ("site_words", gettext_lazy("Words"), "pencil"),
    ("site_look", gettext_lazy("Looks"), "palette"),
    ("site_doors", gettext_lazy("Coming in"), "door-open"),
    ("site_home", gettext_lazy("Public home"), "globe"),
    ("site_languages", gettext_lazy("Languages and time"), "languages"),
]
"""Name of the address, label, icon: the tabs of the settings."""

MEASURES = [
    ("button", gettext_lazy("Words on a button")),
    ("page", gettext_lazy("Your colour on the page")),
    ("day", gettext_lazy("Links by day")),
    ("night", gettext_lazy("Links by night")),
]

gate = desk.page("community.site")


def _context(request: HttpRequest, page: str, **more: Any) -> dict[str, Any]:
    tabs = [(reverse(name), label, icon, name == page) for name, label, icon in PAGES]
    return {"site_tabs": tabs, **more}


def _show(request: HttpRequest, page: str, form: Any, **more: Any) -> HttpResponse:
    context = _context(request, page, form=form, **more)
    status = 422 if form is not None and form.errors else 200
    return render(request, f"community/{page}.html", context, status=status)


def _kept(request: HttpRequest, page: str, form: Any, change: Callable[..., Any]) -> HttpResponse:
    """A page that is one form about the community: kept, or shown with what is wrong."""
    typed = request.method == "POST" and form.is_valid()
    if typed and _saved(request, form, change, Community.objects.current(), **form.cleaned_data):
        return redirect(page)
    return _show(request, page, form)


def _saved(request: HttpRequest, form: Any, change: Callable[..., Any], *args: Any, **said: Any):
    """Whether it went through; a refusal stands in the form."""
    try:
        change(*args, by=viewer(request), **said)
    except Refused as refused:
        form.add_error(None, refused.reason)
        return False
    messages.success(request, _("Saved."))
    return True


@gate
@require_http_methods(["GET", "HEAD", "POST"])
def site_words(request: HttpRequest) -> HttpResponse:
    community = Community.objects.current()
    names = ("name", "tagline", "intro", "welcome", "areas", "wishes")
    form = forms.WordsForm(
        posted(request), initial={name: getattr(community, name) for name in names}
    )
    return _kept(request, "site_words", form, operations.describe_site)


# Looks


@gate
@require_http_methods(["GET", "HEAD", "POST"])
def site_look(request: HttpRequest) -> HttpResponse:
    """Colour and logo. `?brand=` tries a colour without keeping it."""
    community = Community.objects.current()
    tried = _colour(request.GET.get("brand", "")) or community.brand
    form = forms.BrandForm(posted(request), initial={"brand": tried})
    form.fields["brand"].widget.attrs |= {
        "hx-get": reverse("site_look"),
        "hx-trigger": "input changed delay:250ms",
        "hx-target": "#theme-preview",
        "hx-swap": "outerHTML",
    }
    if request.method == "POST" and form.is_valid():
        tried = form.cleaned_data["brand"]
    if request.method == "POST" and form.is_valid() and "try" not in request.POST:
        try:
            operations.set_brand(community, brand=tried, by=viewer(request))
        except Refused as refused:
            form.add_error("brand", refused.reason)
        else:
            messages.success(request, _("That is your colour now."))
            return redirect("site_look")
    context = _context(
        request,
        "site_look",
        form=form,
        logo_form=forms.LogoForm(),
        preview=_preview(tried),
    )
    status = 422 if form.errors else 200
    return respond(
        request, "community/site_look.html", "community/_theme_preview.html", context, status
    )


def _colour(text: str) -> str:
    try:
        return colour.to_hex(colour.parse(text))
    except ValueError:
        return ""


def _preview(brand: str) -> dict[str, Any]:
    """What a colour would be like: its measures, and the nearest one that can be read."""
    found = colour.measured(brand)
    return {
        "brand": brand,
        "url": reverse("theme_preview", args=[brand[1:]]),
        "measures": [
            (label, found[name], found[name] >= colour.READABLE) for name, label in MEASURES
        ],
        "readable": colour.is_readable(brand),
        "nearest": colour.nearest_readable(brand),
    }


@gate
@require_safe
def theme_preview(request: HttpRequest, digits: str) -> HttpResponse:
    """The style sheet of a colour that is only tried; it holds for the preview alone."""
    brand = _colour(digits)
    if not brand:
        raise Http404
    response = HttpResponse(colour.preview_css(brand), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "private, max-age=86400"
    return response


@gate
@require_POST
def site_logo(request: HttpRequest) -> HttpResponse:
    """A new logo, or back to the initials."""
    community, member = Community.objects.current(), viewer(request)
    if "remove" in request.POST:
        media.set_logo(community, media=None, by=member)
        return redirect("site_look")
    form = forms.LogoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            stored = media.store_upload(
                form.cleaned_data["logo"],
                purpose=Media.Purpose.LOGO,
                by=member,
                alt=community.name,
            )
            media.set_logo(community, media=stored, by=member)
        except ValidationError as error:
            form.add_error("logo", error)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("That is your logo now."))
            return redirect("site_look")
    context = _context(
        request,
        "site_look",
        form=forms.BrandForm(initial={"brand": community.brand}),
        logo_form=form,
        preview=_preview(community.brand),
    )
    return render(request, "community/site_look.html", context, status=422)


# Doors, home, languages


@gate
@require_http_methods(["GET", "HEAD", "POST"])
def site_doors(request: HttpRequest) -> HttpResponse:
    community = Community.objects.current()
    space = community.space
    form = forms.DoorsForm(
        posted(request),
        initial={
            "join_policy": space.join_policy,
            "questions": space.questions,
            "invite_ring": space.invite_ring,
            "who_starts_groups": community.who_starts_groups,
        },
    )
    return _kept(request, "site_doors", form, operations.set_doors)


@gate
@require_http_methods(["GET", "HEAD", "POST"])
def site_home(request: HttpRequest) -> HttpResponse:
    community = Community.objects.current()
    form = forms.HomeForm(
        posted(request),
        initial={
            "shows": [part for part in Community.HOME_PARTS if part not in community.home_hides],
            "contact_email": community.contact_email,
            "contact_note": community.contact_note,
            **forms.HomeForm.unfolded(community.footer_links),
        },
    )
    return _kept(request, "site_home", form, operations.set_home)


@gate
@require_http_methods(["GET", "HEAD", "POST"])
def site_languages(request: HttpRequest) -> HttpResponse:
    community = Community.objects.current()
    form = forms.LanguagesForm(
        posted(request),
        initial={
            "languages": [code for code, _name in community.offered_languages],
            "default_language": community.default_language,
            "time_zone": community.timezone,
        },
    )
    return _kept(request, "site_languages", form, operations.set_languages)
