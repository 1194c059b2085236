"""One's own settings: profile, who sees it, the look of the site, signing in."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.forms.people import AvatarForm, HandleForm, LookForm, PrivacyForm, ProfileForm
from community.models import Community, Media, Member, MembershipStatus, StatusEvent
from community.operations import media as media_operations
from community.operations import order as order_operations
from community.operations import people as operations
from community.policies import Refused

require_form = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Where everything about oneself is found."""
    member = request.user
    context = {
        "blocked_count": member.blocks.count(),
        "muted_count": member.mutes.count(),
        "session_count": UserSession.objects.filter(user=member).count(),
    }
    return render(request, "community/me.html", context)


@login_required
@require_form
def edit_profile(request: HttpRequest) -> HttpResponse:
    member = request.user
    form = ProfileForm(
        request.POST if request.method == "POST" else None,
        initial={field: getattr(member, field) for field in operations.PROFILE},
        community=Community.objects.current(),
        member=member,
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.update_profile(member, by=member, **form.profile)
            operations.choose_privacy(
                member,
                by=member,
                profile_seen_by=member.profile_seen_by,
                in_directory=member.in_directory,
                field_visibility=form.field_visibility,
            )
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("person", pk=member.pk)
    context = {
        "form": form,
        "avatar_form": AvatarForm(),
        "handle_form": HandleForm(initial={"handle": member.handle}),
    }
    return render(
        request, "community/edit_profile.html", context, status=422 if form.errors else 200
    )


@login_required
@require_POST
def change_avatar(request: HttpRequest) -> HttpResponse:
    """Another picture, or none: made small and clean before anybody sees it."""
    member, form = request.user, AvatarForm(request.POST, request.FILES)
    try:
        if "remove" in request.POST:
            media_operations.set_avatar(member, media=None, by=member)
            messages.success(request, _("Your picture is gone. Your initials stand in its place."))
        elif form.is_valid():
            picture = media_operations.store_upload(
                form.cleaned_data["picture"], purpose=Media.Purpose.AVATAR, by=member
            )
            media_operations.set_avatar(member, media=picture, by=member)
            messages.success(request, _("Your picture is saved."))
        else:
            messages.error(request, _("Choose a picture first."))
    except (ValidationError, Refused) as problem:
        messages.error(request, getattr(problem, "reason", None) or problem.messages[0])
    return redirect("edit_profile")


@login_required
@require_POST
def change_handle(request: HttpRequest) -> HttpResponse:
    form = HandleForm(request.POST)
    try:
        if form.is_valid():
            operations.change_handle(
                request.user, by=request.user, handle=form.cleaned_data["handle"]
            )
            messages.success(
                request, _("You are @%(handle)s now.") % {"handle": request.user.handle}
            )
        else:
            messages.error(request, _("Use letters, numbers and hyphens, without spaces."))
    except Refused as refused:
        messages.error(request, refused.reason)
    return redirect("edit_profile")


@login_required
@require_form
def privacy(request: HttpRequest) -> HttpResponse:
    member = request.user
    fields = ("profile_seen_by", "in_directory", "shows_presence")
    form = PrivacyForm(
        request.POST if request.method == "POST" else None,
        initial={field: getattr(member, field) for field in fields},
    )
    if request.method == "POST" and form.is_valid():
        operations.choose_privacy(member, by=member, **form.cleaned_data)
        messages.success(request, _("Saved. It holds from this moment."))
        return redirect("me")
    return render(
        request, "community/privacy.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
@require_form
def look(request: HttpRequest) -> HttpResponse:
    member = request.user
    form = LookForm(
        request.POST if request.method == "POST" else None,
        initial={
            "theme": member.theme,
            "language": member.language,
            "time_zone": member.timezone,
            "saves_data": member.saves_data,
        },
    )
    if request.method == "POST" and form.is_valid():
        operations.choose_look(member, by=member, **form.cleaned_data)
        translation.activate(member.language)
        messages.success(request, _("Saved."))
        return redirect("me")
    return render(
        request, "community/look.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """How one signs in, and where one is signed in."""
    member: Member = request.user
    kinds = list(Authenticator.objects.filter(user=member).values_list("type", flat=True))
    context = {
        "has_password": member.has_usable_password(),
        "passkey_count": kinds.count(Authenticator.Type.WEBAUTHN),
        "has_app": Authenticator.Type.TOTP in kinds,
        "has_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "session_count": UserSession.objects.filter(user=member).count(),
    }
    return render(request, "community/security.html", context)


@login_required
@require_POST
def order_groups(request: HttpRequest) -> HttpResponse:
    """The order of my groups in the side column, as dragged or moved there."""
    order_operations.order_groups(request.POST.getlist("order")[:500], by=request.user)
    return HttpResponse(status=204)


@login_required
@require_safe
def my_status(request: HttpRequest) -> HttpResponse:
    """Where I stand as a member by the rule book, and how I came there."""
    member = request.user
    context = {
        "held": MembershipStatus.objects.filter(member=member).first(),
        "events": StatusEvent.objects.filter(member=member)
        .select_related("by")
        .order_by("-on", "-pk"),
    }
    return render(request, "community/my_status.html", context)
