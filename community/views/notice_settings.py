"""How somebody wants to be told: presets, what they would have meant, and each single choice."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from community import chat, chat_lists
from community.forms.notices import NoticesForm, hour_words
from community.htmx import posted
from community.models import (
    Comment,
    Follow,
    Item,
    Member,
    Membership,
    NoticeSettings,
    Preset,
    Room,
    RoomPerson,
    Volume,
)
from community.notices import lately
from community.notices.choosing import wants_of
from community.operations import chat as operations_on_chat
from community.operations import membership
from community.operations import notices as operations
from community.policies import Refused

SAYS = {
    Preset.CALM: gettext_lazy("Mail only when somebody waits for you. The rest once a week."),
    Preset.BALANCED: gettext_lazy("People reach you at once. What is new comes once a day."),
    Preset.EVERYTHING: gettext_lazy("You hear of all that happens in your groups, as it happens."),
}
MOST_THINGS = 30
QUIETER = (Volume.MUTE, Volume.DIGEST)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request: HttpRequest) -> HttpResponse:
    """The one page for all of it."""
    member = request.user
    wants = wants_of(member)
    form = NoticesForm(posted(request), wants=wants)
    if request.method == "POST" and form.is_valid():
        try:
            operations.choose_all(form.ways, by=member, **form.chosen)
            operations.rest(form.cleaned_data["resting_until"], by=member)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved. It holds from this moment."))
            return redirect("notice_settings")
    now, by_preset = lately.weeks(member)
    context = {
        "form": form,
        "wants": wants,
        "now": now,
        "presets": [(preset, preset.label, SAYS[preset], by_preset[preset]) for preset in Preset],
        "departs": bool(wants.own),
        "quiet_now": _quiet_now(wants.settings),
        "groups": [row for row in member.memberships_by_space.values() if not row.space.closed_at],
        "volumes": Membership.Volume.choices,
        "things": _things(member),
        "rooms": _rooms(member),
    }
    status = 422 if form.errors else 200
    return render(request, "community/notice_settings.html", context, status=status)


def _quiet_now(chosen: NoticeSettings) -> str:
    """What holds, in a few words."""
    said = _("No quiet hours")
    if chosen.quiet_from is not None and chosen.quiet_to is not None:
        between = {"begin": hour_words(chosen.quiet_from), "end": hour_words(chosen.quiet_to)}
        said = _("From %(begin)s to %(end)s") % between
    if chosen.resting_until is not None and chosen.resting_until > timezone.localdate():
        day = date_format(chosen.resting_until, "MONTH_DAY_FORMAT")
        said = f"{said}. " + _("You rest until %(day)s.") % {"day": day}
    return said


def _things(member: Member) -> list[Follow]:
    found = _otherwise(member).select_related("item").defer("item__search")
    return list(found.order_by("-created_at", "-pk")[:MOST_THINGS])


def _otherwise(member: Member) -> QuerySet:
    """Conversations they hear nothing of, or in the digest, or all of though they do not take part;
    of those they may still see."""
    answered = Comment.objects.visible_to(member).filter(item=OuterRef("item"), author=member)
    loud = Q(volume=Volume.ALL) & ~Q(item__author=member) & ~Exists(answered)
    return Follow.objects.filter(
        loud | Q(volume__in=QUIETER),
        member=member,
        item__in=Item.objects.visible_to(member).values("pk"),
    )


def _rooms(member: Member) -> list[chat_lists.Line]:
    """Chats of which they hear otherwise than is usual."""
    found = chat_lists.of(member)
    for of in found.spaces:
        for line in of.lines:
            line.room.space = of.space
    lines = [*found.people, *(line for of in found.spaces for line in of.lines)]
    return [line for line in lines if line.room.my_volume not in (None, _usual(line.room))]


def _usual(room: Room) -> str:
    return RoomPerson.Volume.ALL if room.is_direct else RoomPerson.Volume.MENTIONS


@login_required
@require_POST
def choose_preset(request: HttpRequest) -> HttpResponse:
    try:
        chosen = operations.choose_preset(request.POST.get("preset", ""), by=request.user)
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        label = Preset(chosen.preset).label
        messages.success(request, _("From now on: %(preset)s.") % {"preset": label})
    return redirect("notice_settings")


@login_required
@require_POST
def hear_groups(request: HttpRequest) -> HttpResponse:
    """How much to hear of each of one's groups, all at once."""
    try:
        for pk, row in list(request.user.memberships_by_space.items()):
            volume = request.POST.get(f"volume-{pk}", row.volume)
            if volume != row.volume:
                membership.set_volume(row.space, volume=volume, by=request.user)
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, _("Saved. It holds from this moment."))
    return redirect("notice_settings")


@login_required
@require_POST
def hear_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Hear of a conversation as if nothing had been said about it."""
    mine = _otherwise(request.user).filter(item=pk).first()
    if mine is None:
        raise Http404
    Follow.objects.filter(pk=mine.pk).update(volume=Volume.MENTIONS)
    messages.success(request, _("You hear when somebody names or answers you there."))
    return redirect("notice_settings")


@login_required
@require_POST
def hear_room(request: HttpRequest, pk: int) -> HttpResponse:
    """Hear of a chat as is usual."""
    room = chat.readable(pk, request.user)
    if room is None:
        raise Http404
    operations_on_chat.set_volume(room, volume=_usual(room), by=request.user)
    messages.success(request, _("You hear of this chat as is usual."))
    return redirect("notice_settings")
