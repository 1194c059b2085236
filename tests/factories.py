"""Makes what tests need by calling the operations that people's clicks call."""

from __future__ import annotations

import itertools
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from community.models import (
    Activity,
    Agreement,
    Comment,
    Community,
    Invitation,
    JoinRequest,
    Member,
    Membership,
    Notice,
    Openness,
    Ring,
    Rule,
    Space,
    StaffRole,
)
from community.operations import agreements, comments, invitations, membership
from groups.models import Group, Topic

_numbers = itertools.count(1)


def make_community(name: str = "Riverside Tenants’ Union", **settings: Any) -> Community:
    """The root space and what the organisation set for it. Open to walk into unless told."""
    space_fields = {
        key: settings.pop(key)
        for key in ("openness", "join_policy", "questions", "purpose")
        if key in settings
    }
    space = Space.objects.create(
        kind=Space.ROOT,
        name=name,
        slug=slugify(name),
        listed_at=timezone.now(),
        **{"openness": Openness.PUBLIC, "join_policy": Space.JoinPolicy.OPEN} | space_fields,
    )
    return Community.objects.create(space=space, **settings)


def make_member(
    name: str = "",
    *,
    root_ring: int = Ring.PARTICIPANT,
    onboarded: bool = True,
    staff: str = "",
    **fields: Any,
) -> Member:
    """An account without the limits of a new one; in the community unless ``root_ring`` is 0."""
    name = name or f"Person {next(_numbers)}"
    handle = slugify(name)
    member = Member.objects.create_user(
        email=fields.pop("email", f"{handle}@example.org"),
        password=fields.pop("password", None),
        name=name,
        handle=fields.pop("handle", handle),
        **{
            "profile_seen_by": Member.SeenBy.MEMBERS,
            "in_directory": True,
            "settled_at": timezone.now(),
        }
        | fields,
    )
    if onboarded:
        member.onboarded_at = timezone.now()
        member.save(update_fields=["onboarded_at"])
    _confirm_address(member)
    if root_ring:
        belong(member, Space.objects.root(), ring=root_ring)
    if staff:
        StaffRole.objects.create(member=member, role=staff)
    return member


def _confirm_address(member: Member) -> None:
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)


def belong(member: Member, space: Space, *, ring: int = Ring.PARTICIPANT) -> Membership:
    """Put somebody into a space at a ring, whatever its door."""
    with transaction.atomic():
        held = membership.admit(
            member, Space.objects.lock(space), ring=ring, via=Membership.Via.JOINED, by=member
        )
    space.refresh_from_db(fields=["member_count"])
    return held


def make_space(
    name: str = "",
    *,
    steward: Member | None = None,
    openness: str = Openness.OPEN,
    join_policy: str | None = None,
    listed: bool = True,
    **fields: Any,
) -> Space:
    """A group and its space; a closed or secret one is asked or invited into unless told."""
    name = name or f"Group {next(_numbers)}"
    group_fields = {
        key: fields.pop(key)
        for key in [field.name for field in Group._meta.fields]
        if key in fields and key != "kind"
    }
    doors = {
        Openness.CLOSED: Space.JoinPolicy.ASK,
        Openness.SECRET: Space.JoinPolicy.INVITE,
    }
    space = Space.objects.create(
        kind="group",
        name=name,
        slug=fields.pop("slug", "") or slugify(name),
        openness=openness,
        join_policy=join_policy or doors.get(openness, Space.JoinPolicy.OPEN),
        listed_at=timezone.now() if listed else None,
        **fields,
    )
    Group.objects.create(
        space=space,
        started_by=steward,
        **{"state": Group.State.ACTIVE if listed else Group.State.PROPOSED} | group_fields,
    )
    if steward is not None:
        belong(steward, space, ring=Ring.STEWARD)
    return space


def make_group(name: str = "", **fields: Any) -> Group:
    return make_space(name, **fields).group


def make_topic(
    space: Space | Group,
    *,
    by: Member,
    title: str = "",
    text: str = "Shall we meet on Thursday?",
    min_ring: int = Ring.PARTICIPANT,
    **fields: Any,
) -> Topic:
    space = getattr(space, "space", space)
    from community.operations import writing

    topic = Topic(
        kind=Topic.KIND,
        space=space,
        min_ring=min_ring,
        author=by,
        title=title or f"Topic {next(_numbers)}",
        **fields,
    )
    topic.save()
    writing.set_text(topic, text)
    writing.follow_quietly(topic, by)
    return topic


def make_comment(item: Any, *, by: Member, text: str = "Yes, at seven.", **fields: Any) -> Comment:
    return comments.post_comment(item, text=text, by=by, **fields)


def make_invitation(space: Space, *, by: Member, **fields: Any) -> tuple[Invitation, str]:
    """The invitation and the token in its link."""
    return invitations.invite(space, by=by, **fields)


def make_rule(title: str = "Be kind", **fields: Any) -> Rule:
    return Rule.objects.create(
        title=title, text="Speak to people as you would face to face.", **fields
    )


def make_request(space: Space, *, by: Member, **fields: Any) -> JoinRequest:
    return membership.ask_to_join(space, by=by, **fields)


def make_agreement(
    title: str = "Code of conduct",
    *,
    by: Member,
    kind: str = "conduct",
    required: bool = True,
    text: str = "We disagree with the idea, and stay in the room.",
    needed_from: Any = None,
) -> Agreement:
    """One in force, in its first version."""
    words = {"en": {"title": title, "text": text}}
    made = agreements.add_agreement(kind=kind, required=required, words=words, by=by)
    agreements.draft_version(made, words=words, changes="", needed_from=needed_from, by=by)
    agreements.publish(made, by=by)
    return made


def picture(size: tuple[int, int] = (64, 48), colour: str = "#2a7", kind: str = "PNG") -> bytes:
    """The bytes of a small real picture."""
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def make_export(member: Member) -> Any:
    """A copy of everything about somebody, packed."""
    from community.models import DataExport
    from community.operations import rights

    export = DataExport.objects.create(member=member, expires_at=timezone.now() + DataExport.LASTS)
    assert rights.make_export(export.pk)
    export.refresh_from_db()
    return export


def make_question(member: Member, *, what: str = "question", text: str = "What is held?") -> Any:
    from community.operations import rights

    return rights.ask_about_data(what=what, text=text, by=member)


def make_hold(member: Member, *, reason: str = "A court asked for it.") -> Any:
    from community.operations import leaving

    lead = StaffRole.objects.filter(role=StaffRole.Role.DATA_PROTECTION).first()
    by = lead.member if lead else make_member(staff=StaffRole.Role.DATA_PROTECTION)
    return leaving.place_hold(member, by=by, reason=reason)


def make_second_factor(member: Member) -> Any:
    """An authenticator app, set up long ago."""
    from allauth.mfa.totp.internal.auth import TOTP

    return TOTP.activate(member, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")


def prove(client: Any, member: Member) -> None:
    """The client's session says that the person has just proved who they are."""
    session = client.session
    session["account_authentication_methods_user"] = str(member.pk)
    session["account_authentication_methods"] = [
        {"method": "code", "at": timezone.now().timestamp()}
    ]
    session.save()


def make_notice(item: Any, *, of: Member) -> Notice:
    """That something was written, told to somebody."""
    activity = Activity.objects.filter(item=item.pk).order_by("pk").first()
    return Notice.objects.create(member=of, activity=activity)


def make_plan(
    space: Space, *, by: Member, title: str = "Meeting", text: str = "Come.", **more: Any
):
    """An announcement that has not begun, in English and whatever ``words`` adds."""
    from community.operations import announcements

    words = {"en": {"title": title, "text": text}} | more.pop("words", {})
    return announcements.write_plan(space, by=by, words=words, **more)


def announce(space: Space, *, by: Member, **more: Any):
    """One that has begun, and asked whoever had room."""
    from community.operations import announcements

    plan = announcements.send_plan(make_plan(space, by=by, **more), by=by)
    announcements.release()
    plan.refresh_from_db()
    return plan
