"""Adding a device that gets notices, and letting one go."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from community import outside, web_push
from community.models import Member, PushSubscription
from community.outside import Closed
from community.policies import Refused


@transaction.atomic
def add_device(
    member: Member,
    *,
    endpoint: str,
    key: str,
    secret: str,
    name: str = "",
    replaces: int | None = None,
    by: Member,
) -> PushSubscription:
    """Push to this browser from now on; one that is known gets its new keys, and one whose address
    has changed (``replaces``, its number) keeps its name. Raises Refused."""
    if by.pk != member.pk:
        raise Refused(_("Only the person themselves can change this."))
    if not web_push.public_key():
        raise Refused(_("This site cannot push yet. Its administrators can change that."))
    try:
        outside.check(endpoint, web_push.hosts())
        web_push.read_point(key)
        is_whole = len(web_push.unpacked(secret)) == 16
    except (Closed, ValueError):
        is_whole = False
    if not is_whole or len(endpoint) > 1000 or len(key) > 100:
        raise Refused(_("This browser’s push service is not one we know."))
    Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    # Whoever signs in on a device where somebody else was before takes it over.
    PushSubscription.objects.filter(endpoint=endpoint).exclude(member=member).delete()
    mine = PushSubscription.objects.filter(member=member)
    before = mine.filter(pk=replaces).exclude(endpoint=endpoint).first() if replaces else None
    if before is not None:
        name = name or before.name
        before.delete()
    if mine.count() >= PushSubscription.MOST and not mine.filter(endpoint=endpoint).exists():
        raise Refused(_("You have very many devices here. Let go of one first."))
    fields = {"key": key, "secret": secret, "name": " ".join(name.split())[:80], "failures": 0}
    found, _made = PushSubscription.objects.update_or_create(
        member=member, endpoint=endpoint, defaults=fields
    )
    return found


@transaction.atomic
def remove_device(device: PushSubscription, *, by: Member) -> None:
    """Push no more to it. Raises Refused."""
    if device.member_id != by.pk:
        raise Refused(_("Only the person themselves can change this."))
    device.delete()


@transaction.atomic
def try_device(device: PushSubscription, *, by: Member) -> None:
    """Push one to it, so that its person sees whether it works. Raises Refused."""
    from community.tasks import test_push

    if device.member_id != by.pk:
        raise Refused(_("Only the person themselves can change this."))
    test_push.delay_on_commit(device.pk)
