"""What waits for somebody: requests, offers, invitations, an appeal, drafts, things kept."""

from __future__ import annotations

from datetime import timedelta

from community.models import (
    Bookmark,
    Draft,
    Follow,
    JoinRequest,
    Membership,
    Revision,
    Volume,
)
from community.operations import drafts, invitations, membership, rings
from config.demo import pending
from config.demo.filling.stage import RINGS, Stage
from config.demo.words import ago
from groups.operations import topics


def begin(stage: Stage) -> None:
    _edits(stage)
    _requests(stage)
    _moves(stage)
    _invitations(stage)
    _removals(stage)
    _drafts(stage)
    _kept(stage)


def _edits(stage: Stage) -> None:
    """The text of the data is the newest one; what it was before is kept as its history."""
    for edit in pending.EDITS:
        topic = stage.topics[edit["topic"]]
        topic.refresh_from_db()
        text = topic.text
        author = stage.people[topic.author.handle]
        older = text.replace(edit["after"], edit["before"])
        fields = {"by": author, "title": topic.title}
        topics.edit_topic(topic, text=older, **fields)
        topics.edit_topic(topic, text=text, **fields)
        at = ago(edit["ago"], stage.now)
        kept = Revision.objects.filter(item=topic.pk)
        kept.filter(text=text).delete()
        stage.date(topic, edited_at=at)
        stage.date(kept.get(), created_at=at)


def _requests(stage: Stage) -> None:
    for asked in (*pending.JOIN_REQUESTS, *pending.DECLINED):
        at = ago(asked["ago"], stage.now)
        request = membership.ask_to_join(
            stage.groups[asked["group"]].space,
            by=stage.people[asked["by"]],
            answers=list(asked["answers"]),
        )
        stage.date(request, created_at=at)
        if "reason" in asked:
            by = stage.people[asked["decided_by"]]
            declined = membership.decline_request(request, by=by, reason=asked["reason"])
            stage.date(declined, decided_at=at + timedelta(hours=20))


def _moves(stage: Stage) -> None:
    for offer in pending.RING_OFFERS:
        space = stage.groups[offer["group"]].space
        held = Membership.objects.select_related("space", "member").get(
            space=space, member=stage.people[offer["to"]]
        )
        proposal = rings.offer_ring(
            held, ring=RINGS[offer["ring"]], by=stage.people[offer["by"]], note=offer["note"]
        )
        stage.date(proposal, created_at=ago(offer["ago"], stage.now))
    for asked in pending.RING_REQUESTS:
        proposal = rings.ask_for_ring(
            stage.groups[asked["group"]].space,
            ring=RINGS[asked["ring"]],
            by=stage.people[asked["by"]],
            note=asked["note"],
        )
        stage.date(proposal, created_at=ago(asked["ago"], stage.now))


def _invitations(stage: Stage) -> None:
    for data in pending.INVITATIONS:
        at = ago(data["ago"], stage.now)
        more = {key: data[key] for key in ("email", "max_uses") if key in data}
        invitation, token = invitations.invite(
            stage.groups[data["group"]].space,
            by=stage.people[data["by"]],
            note=data["note"],
            **more,
        )
        stage.date(invitation, created_at=at)
        for key in data["used_by"]:
            taken = invitations.use_invitation(token, by=stage.people[key])
            if isinstance(taken, JoinRequest):
                stage.date(taken, created_at=at + timedelta(hours=3))


def _removals(stage: Stage) -> None:
    for data in pending.REMOVALS:
        held = Membership.objects.select_related("space", "member").get(
            space=stage.groups[data["group"]].space, member=stage.people[data["who"]]
        )
        event = membership.remove(held, by=stage.people[data["by"]], reason=data["reason"])
        stage.date(event, created_at=ago(data["ago"], stage.now))
        person = stage.people[data["who"]]
        person.forget()
        appeal = membership.appeal(event, by=person, text=data["appeal"]["text"])
        stage.date(appeal, created_at=ago(data["appeal"]["ago"], stage.now))


def _drafts(stage: Stage) -> None:
    for data in pending.DRAFTS:
        if "topic" in data:
            place = f"comment:{stage.topics[data['topic']].pk}"
        else:
            place = f"topic:{stage.groups[data['group']].pk}"
        words = {name: data[name] for name in ("title", "text") if name in data}
        draft = drafts.save_draft(place, words, by=stage.people[data["by"]])
        stage.date(Draft.objects.get(pk=draft.pk), updated_at=ago(data["ago"], stage.now))


def _kept(stage: Stage) -> None:
    Bookmark.objects.bulk_create(
        [
            Bookmark(member=stage.people[key], item_id=stage.topics[topic].pk)
            for key, kept in pending.BOOKMARKS.items()
            for topic in kept.split()
        ]
    )
    follows = [
        Follow(member=stage.people[key], item_id=stage.topics[topic].pk, volume=Volume.ALL)
        for key, kept in pending.FOLLOWS.items()
        for topic in kept.split()
    ]
    follows += [
        Follow(member=stage.people[key], item_id=stage.topics[topic].pk, volume=Volume.MUTE)
        for key, topic in pending.HUSHED.items()
    ]
    Follow.objects.bulk_create(
        follows,
        update_conflicts=True,
        unique_fields=["member", "item"],
        update_fields=["volume"],
    )
