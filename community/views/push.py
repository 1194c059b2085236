"""Devices that get notices: the list of one's own, adding this one, trying it, letting one go."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import push, web_push
from community.htmx import respond, viewer
from community.models import PushSubscription
from community.operations import push as operations


@login_required
@require_safe
def push_devices(request: HttpRequest) -> HttpResponse:
    member = viewer(request)
    context = {
        "devices": PushSubscription.objects.filter(member=member).order_by("-created_at"),
        "this_device": request.session.get(push.DEVICE),
        "public_key": web_push.public_key(),
    }
    return respond(request, "community/push_devices.html", None, context)


@login_required
@require_POST
def add_push_device(request: HttpRequest) -> HttpResponse:
    """What the browser answered when it was asked for its address and keys; or, with ``renews``,
    what it says by itself when these have changed."""
    renews = request.POST.get("renews") and request.session.get(push.DEVICE)
    device = operations.add_device(
        viewer(request),
        endpoint=request.POST.get("endpoint", ""),
        key=request.POST.get("key", ""),
        secret=request.POST.get("secret", ""),
        name=request.POST.get("name", ""),
        replaces=renews or None,
        by=viewer(request),
    )
    request.session[push.DEVICE] = device.pk
    if not renews:
        messages.success(request, _("Notices reach this device from now on."))
    return redirect("push_devices")


@login_required
@require_POST
def remove_push_device(request: HttpRequest, pk: int) -> HttpResponse:
    operations.remove_device(_mine(request, pk), by=viewer(request))
    messages.success(request, _("Notices do not reach that device any more."))
    return redirect("push_devices")


@login_required
@require_POST
def try_push_device(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it one, so that its person sees whether it works."""
    operations.try_device(_mine(request, pk), by=viewer(request))
    messages.success(request, _("On its way. If nothing shows, let go of the device and add it."))
    return redirect("push_devices")


def _mine(request: HttpRequest, pk: int) -> PushSubscription:
    found = PushSubscription.objects.filter(member=viewer(request), pk=pk).first()
    if found is None:
        raise Http404
    return found
