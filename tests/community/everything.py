"""A person of whom something stands in every table that can hold something about a person.

The words are canaries: ``own`` stand in what is theirs, ``foreign`` in what others wrote around it.
What has rules of its own is made by hand; every other holding gets a row filled in from its model.
"""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from community import audit, personal
from community.models import (
    Block,
    MailTrouble,
    Member,
    MembershipEvent,
    OutboxMail,
    Ring,
    Space,
    Suppression,
)
from community.operations import comments, drafts, media, membership, people, reading, writing
from tests import factories

NAME = "zqownzname"


@dataclass
class Everything:
    member: Member
    other: Member
    space: Space
    own: dict[str, str] = field(default_factory=dict)
    """Canary → where it stands."""
    foreign: dict[str, str] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def mine(self, where: str) -> str:
        word = f"zqown{next(self.numbers):03d}z"
        self.own[word] = where
        return word

    def theirs(self, where: str) -> str:
        word = f"zqfor{next(self.numbers):03d}z"
        self.foreign[word] = where
        return word


def make_everything(language: str = "en") -> Everything:
    """Needs a community; makes the person, somebody else and what stands between them."""
    other = factories.make_member("Otto Other", handle="otto")
    space = factories.make_space("Shared", steward=other)
    member = factories.make_member(NAME, handle="zqownzhandle", language=language)
    found = Everything(member, other, space)
    found.own |= {NAME: "name", "zqownzhandle": "handle"}
    factories.belong(member, space, ring=Ring.CORE)
    _say_who_they_are(found)
    _let_them_write(found)
    _let_others_write(found)
    _let_them_ask(found)
    _sign_in(found)
    with transaction.atomic():
        _fill_what_is_missing(found)
    member.refresh_from_db()
    member.forget()
    return found


def _say_who_they_are(found: Everything) -> None:
    member = found.member
    profile = {name: found.mine(name) for name in people.PROFILE if name != "name"}
    people.update_profile(member, by=member, **profile)
    picture = SimpleUploadedFile("me.png", factories.picture(), "image/png")
    face = media.store_upload(picture, purpose="avatar", by=member)
    media.set_avatar(member, media=face, by=member)
    Member.objects.filter(pk=member.pk).update(wants=[found.mine("wish")])
    people.block(factories.make_member(found.theirs("blocked person")), by=member)
    people.mute(factories.make_member("Mute Person"), by=member)
    Block.objects.create(member=factories.make_member("Blocker"), blocked=member)


def _let_them_write(found: Everything) -> None:
    member, space = found.member, found.space
    words = found.mine("attached file")
    notes = SimpleUploadedFile("notes.txt", words.encode(), "text/plain")
    attached = media.store_upload(notes, purpose="attachment", by=member)
    topic = factories.make_topic(
        space, by=member, title=found.mine("own topic title"), text=found.mine("own topic")
    )
    writing.keep_revision(topic, by=member)
    writing.set_text(topic, found.mine("own topic, changed"), media=[attached.token])
    alone = factories.make_topic(space, by=member, text=found.mine("topic that nobody answered"))
    answered = factories.make_comment(topic, by=member, text=found.mine("own answer"))
    reply = comments.post_comment(
        topic, text=found.theirs("reply to own answer"), by=found.other, parent=answered
    )
    loose = SimpleUploadedFile("loose.txt", found.mine("loose file").encode(), "text/plain")
    unused = media.store_upload(loose, purpose="attachment", by=member)
    drafts.save_draft(f"topic:{space.pk}", {"text": found.mine("draft")}, by=member)
    found.things |= {
        "topic": topic,
        "alone": alone,
        "answer": answered,
        "reply": reply,
        "attached": attached,
        "unused": unused,
    }


def _let_others_write(found: Everything) -> None:
    member, other, space = found.member, found.other, found.space
    theirs = factories.make_topic(
        space,
        by=other,
        title=found.theirs("topic of another"),
        text=f"{found.theirs('words of another')}, as @{member.handle} said.",
    )
    writing.keep_revision(theirs, by=other)
    reaction = reading.react(theirs, emoji="🎉", by=member)
    assert reaction
    reading.bookmark(theirs, by=member)
    reading.mark_read(theirs, by=member)
    answer = factories.make_comment(theirs, by=member, text=found.mine("answer to another"))
    drafts.save_draft(
        f"comment:{theirs.pk}", {"text": f"Thanks @{member.handle}, soon more"}, by=other
    )
    OutboxMail.objects.create(to=member.email, subject="For you", body_text="Come along")
    MailTrouble.objects.create(address=member.email.lower(), kind="soft")
    Suppression.objects.create(address=member.email.lower(), why="soft")
    OutboxMail.objects.create(
        to=other.email, subject=f"{NAME} answered", body_text="See it", sent_at=timezone.now()
    )
    found.things |= {"theirs": theirs, "answer_to_theirs": answer}


def _let_them_ask(found: Everything) -> None:
    member, other = found.member, found.other
    asked = factories.make_space("Asked", steward=other, join_policy=Space.JoinPolicy.ASK)
    asked.questions = ["Why?"]
    asked.save(update_fields=["questions"])
    membership.ask_to_join(asked, by=member, answers=[found.mine("answer to a question")])
    factories.make_invitation(
        found.space, by=member, email="friend@example.org", note=found.mine("note to a friend")
    )
    factories.make_invitation(found.space, by=other, email=member.email)
    event = MembershipEvent.objects.create(
        space=asked, member=member, what="removed", actor=other, reason=found.mine("reason told")
    )
    membership.appeal(event, by=member, text=found.mine("appeal"))
    factories.make_question(member, text=found.mine("question about data"))
    found.things["asked"] = asked


def _sign_in(found: Everything) -> None:
    session = Session.objects.create(
        session_key=uuid.uuid4().hex[:32],
        session_data="x",
        expire_date=timezone.now() + timedelta(days=3),
    )
    UserSession.objects.create(
        user=found.member,
        ip="203.0.113.7",
        session_key=session.session_key,
        user_agent=found.mine("browser"),
    )
    EmailAddress.objects.create(
        user=found.member, email=f"{found.mine('second address')}@example.org"
    )
    found.things["session"] = session
    with transaction.atomic():
        audit.record("admin.opened_person", by=found.other, person=found.member)
        audit.record("sessions.ended", by=found.member, person=found.other)


# What no rule needs by hand


def _fill_what_is_missing(found: Everything) -> None:
    refused = []
    for holding in sorted(personal.holdings(), key=lambda one: one.name):
        if holding.of(found.member).exists():
            continue
        for path in holding.people or INDIRECT[holding.name]:
            if holding.model == "groups.Group":
                holding.table.objects.filter(space=found.space).update(**{path: found.member})
                continue
            try:
                fill(holding.table, found, path)
            except IntegrityError as error:
                refused.append(f"{holding.name}: {error}")
    assert not refused, "Say in SPECIAL what fits:\n" + "\n".join(refused)


def fill(model: Any, found: Everything, path: str = "", *, fresh: bool = False) -> Any:
    """A row of the model whose ``path`` leads to the person; the rest is whatever fits.

    ``fresh``: what it hangs on is made anew, where a row that is there already did not fit.
    """
    step, _, rest = path.partition("__")
    values: dict[str, Any] = {}
    for column in model._meta.local_concrete_fields:
        if column.name == step:
            values[column.name] = _on_the_way(column, rest, found, fresh) if rest else found.member
        elif isinstance(column, models.ForeignKey) and not column.null:
            values[column.name] = _somebody_else(column, found, fresh)
        elif column.null or column.has_default() or getattr(column, "auto_now", False):
            continue
        elif not (column.primary_key and isinstance(column, models.AutoField)):
            values[column.name] = _something(column)
    values |= SPECIAL.get(model._meta.label, {})
    try:
        with transaction.atomic():
            return model._base_manager.create(**values)
    except IntegrityError:
        if fresh:
            raise
        return fill(model, found, path, fresh=True)


INDIRECT = {"community.Hearing": ("measure__member",)}
"""By which path rows are a person's, where the holding finds them by a question of its own."""
_counter = itertools.count(1)
SPECIAL: dict[str, dict[str, Any]] = {
    "community.ConcernEntry": {"kind": "note"},
    "community.LockDown": {"lifted_at": timezone.now()},
    "community.Room": {"kind": "direct"},
    "community.StatusEvent": {"before": "none", "after": "member"},
    "leadership.Conversation": {"note": ""},
    "leadership.Welcomer": {"at_once": 5},
}
"""Model → columns whose values have to fit a constraint."""


def _on_the_way(column: Any, rest: str, found: Everything, fresh: bool) -> Any:
    """The row through which the path leads to the person."""
    known = column.related_model._base_manager.filter(**{rest: found.member}).first()
    return known if known is not None and not fresh else fill(column.related_model, found, rest)


def _somebody_else(column: Any, found: Everything, fresh: bool) -> Any:
    if column.related_model is Member:
        return factories.make_member()
    if column.related_model is Space:
        return factories.make_space(steward=found.other)
    row = column.related_model._base_manager.order_by("-pk").first()
    if fresh or row is None or isinstance(column, models.OneToOneField):
        row = fill(column.related_model, found)
    return row


def _something(column: Any) -> Any:
    if column.choices:
        return column.flatchoices[0][0]
    if isinstance(column, models.UUIDField):
        return uuid.uuid4()
    if isinstance(column, models.DateTimeField):
        return timezone.now()
    if isinstance(column, models.DateField):
        return timezone.localdate()
    if isinstance(column, models.BooleanField):
        return False
    if isinstance(column, models.IntegerField):
        return next(_counter)
    if isinstance(column, models.JSONField):
        return {}
    if isinstance(column, models.EmailField):
        return f"{uuid.uuid4().hex[:8]}@example.org"
    return "" if column.blank else uuid.uuid4().hex[: column.max_length or 20]
