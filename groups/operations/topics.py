"""Starting a conversation in a group, and steering it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audience, feed, limits, live
from community.models import Comment, Item, Member, Mention, Ring, Room
from community.operations import drafts, holding, reading, writing
from community.policies import Refused, may
from groups import policies
from groups.models import Group, Topic


@transaction.atomic
def post_topic(
    group: Group,
    *,
    by: Member,
    title: str,
    text: str = "",
    template: str = Topic.Template.TALK,
    ring: int = Ring.PARTICIPANT,
    media: Iterable[str] = (),
    about: Item | None = None,
) -> Topic:
    """Say something to a group, or to one of its rings, to be answered. Raises Refused.

    What looks like a flood comes back with ``hidden_at``: it waits for a steward.
    """
    policies.can_post(by, group).enforce()
    title, text = worded(title, text)
    if template not in Topic.Template.values:
        raise Refused(_("Choose talk, question, experience or debrief."))
    if ring not in policies.rings_for(by, group.space):
        raise Refused(_("You cannot say something to these people."))
    limits.before_words(by, title, text)
    now = timezone.now()
    topic = Topic(
        kind=Topic.KIND,
        space=group.space,
        min_ring=ring,
        author=by,
        title=title,
        template=template,
        about=about,
        lang=by.language,
        created_at=now,
        active_at=now,
    )
    writing.set_text(topic, text, media=media, is_new=True)
    drafts.discard_draft(f"topic:{group.pk}", by=by)
    said = {"title": title, "name": by.display_name}
    words = f"{title}\n{text}"
    if holding.held_back(topic, text=words, verb="topics.posted", **said):
        return topic
    writing.stir(group.space)
    writing.follow_quietly(topic, by)
    reading.mark_read(topic, by=by)
    feed.record("topics.posted", actor=by, item=topic, **said)
    return topic


@transaction.atomic
def edit_topic(
    topic: Topic,
    *,
    by: Member,
    title: str,
    text: str = "",
    template: str | None = None,
    media: Iterable[str] = (),
) -> Topic:
    """Change one's own words; what they were before is kept. Raises Refused."""
    topic = Topic.objects.lock(topic)
    may(by, "edit", topic).enforce()
    title, text = worded(title, text)
    limits.before_words(by, title, text, posting=False)
    before, after = f"{topic.title}\n{topic.text}", f"{title}\n{text}"
    holding.refuse_flood(topic, before=before, after=after, by=by)
    template = template or topic.template
    if template not in Topic.Template.values:
        raise Refused(_("Choose talk, question, experience or debrief."))
    if (title, text) != (topic.title, topic.text):
        writing.keep_revision(topic, by=by)
    topic.title, topic.template = title, template
    if template != Topic.Template.QUESTION:
        topic.answer = None
    topic.save(update_fields=["title", "template", "answer"])
    writing.set_text(topic, text, media=media)
    drafts.discard_draft(f"edit:{topic.pk}", by=by)
    return topic


@transaction.atomic
def pin_topic(topic: Topic, *, by: Member) -> Topic:
    """Keep it on top of the group's list. Raises Refused where enough stand there."""
    topic = Topic.objects.lock(topic)
    policies.can_pin(by, topic).enforce()
    others = Topic.objects.filter(space=topic.space_id, pinned_at__isnull=False, deleted_at=None)
    most = Topic.MOST_PINNED
    if others.exclude(pk=topic.pk).count() >= most:
        raise Refused(_("%(n)s topics stand at the top. Take one down first.") % {"n": most})
    return _set(topic, pinned_at=topic.pinned_at or timezone.now())


@transaction.atomic
def unpin_topic(topic: Topic, *, by: Member) -> Topic:
    topic = Topic.objects.lock(topic)
    policies.can_pin(by, topic).enforce()
    return _set(topic, pinned_at=None)


@transaction.atomic
def close_topic(topic: Topic, *, by: Member) -> Topic:
    """No more answers; it stays to be read."""
    topic = Topic.objects.lock(topic)
    policies.can_close(by, topic).enforce()
    if topic.closed_at is None:
        _set(topic, closed_at=timezone.now())
        feed.record("topics.closed", actor=by, item=topic, title=topic.title)
    return topic


@transaction.atomic
def reopen_topic(topic: Topic, *, by: Member) -> Topic:
    topic = Topic.objects.lock(topic)
    policies.can_close(by, topic).enforce()
    if topic.closed_at is not None:
        _set(topic, closed_at=None)
        feed.record("topics.reopened", actor=by, item=topic, title=topic.title)
    return topic


@transaction.atomic
def choose_answer(topic: Topic, *, comment: Comment, by: Member) -> Topic:
    """Say which comment answered the question. Raises Refused."""
    topic = Topic.objects.lock(topic)
    policies.can_answer(by, topic).enforce()
    if comment.item_id != topic.pk or comment.deleted_at or comment.hidden_at:
        raise Refused(_("This comment is no longer part of the topic."))
    if topic.answer_id == comment.pk:
        return topic
    _set(topic, answer=comment)
    feed.record(
        "topics.answered",
        actor=by,
        item=topic,
        title=topic.title,
        comment=comment.pk,
        answerer=comment.author_id,
    )
    return topic


@transaction.atomic
def clear_answer(topic: Topic, *, by: Member) -> Topic:
    """The question is open again."""
    topic = Topic.objects.lock(topic)
    policies.can_answer(by, topic).enforce()
    return _set(topic, answer=None)


@transaction.atomic
def move_to_ring(topic: Topic, *, ring: int, by: Member) -> Topic:
    """Show the topic, and all that was answered, to another ring of the same group.

    Whoever loses sight of it is no longer named in it. Raises Refused.
    """
    topic = Topic.objects.lock(topic)
    policies.can_move_to_ring(by, topic, ring).enforce()
    if topic.min_ring == ring:
        return topic
    before = topic.min_ring
    _set(topic, min_ring=ring)
    answers = Comment.objects.filter(item=topic)
    Item.objects.filter(pk__in=answers.values("pk")).update(min_ring=ring)
    take_room_along(topic)
    if ring > before:
        forget_names(topic, answers)
    feed.record("topics.moved", actor=by, item=topic, title=topic.title, ring=ring, before=before)
    return topic


def take_room_along(topic: Topic) -> None:
    """The room about a topic goes where it goes; who has it open is asked again."""
    for room in Room.objects.filter(item=topic.pk):
        room.space_id, room.min_ring = topic.space_id, max(topic.min_ring, Ring.FOLLOWER)
        room.save(update_fields=["space", "min_ring"])
        live.close_room_on_commit(room.pk)


def forget_names(topic: Topic, answers: Any) -> None:
    """Mentions of people who no longer read it go, from the rows and from the words shown."""
    lost = Mention.objects.filter(item__in=[topic.pk]) | Mention.objects.filter(
        item__in=answers.values("pk")
    )
    lost = lost.exclude(member__in=audience.readers_of(topic.space, topic.min_ring))
    named = set(lost.values_list("item_id", flat=True))
    lost.delete()
    for thing in [topic, *answers.filter(pk__in=named).select_related("space", "author")]:
        if thing.pk in named:
            writing.render_again(thing)


def _set(topic: Topic, **fields: Any) -> Topic:
    for name, value in fields.items():
        setattr(topic, name, value)
    topic.save(update_fields=list(fields))
    return topic


def worded(title: str, text: str) -> tuple[str, str]:
    """Title and text as they are kept. Raises Refused without a title."""
    title = " ".join(title.split())
    if not title:
        raise Refused(_("Give it a title, so that people know what it is about."))
    if len(title) > 160:
        raise Refused(_("Make the title shorter: 160 characters at most."))
    return title, text.strip()
