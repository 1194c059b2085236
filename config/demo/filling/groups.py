"""The groups: started, filled, chartered, and moved on to where they stand."""

from __future__ import annotations

from datetime import datetime, timedelta

from community.models import Membership, Space
from community.operations.membership import admit
from config.demo import pending
from config.demo.filling import pictures
from config.demo.filling.people import seen_at
from config.demo.filling.stage import Stage, rings_of, scatter
from config.demo.groups import GROUPS
from config.demo.talk import TOPICS
from config.demo.words import ago
from groups.models import Group
from groups.operations import charters, groups
from groups.operations.parents import set_parents

DECIDED_BY = {
    "consent": "Consent: we go ahead when nobody has an objection.",
    "consensus": "Consensus: we go ahead when everybody says yes.",
    "majority": "Majority of those who are there, after everybody has had three minutes.",
}
POR_CONSENTIMIENTO = "Por consentimiento: adelante si nadie tiene una objeción."


def begin(stage: Stage) -> None:
    spoken = first_words(stage)
    for data in GROUPS:
        group = _start(stage, data)
        stage.groups[data.key] = group
        _fill(stage, data, group, spoken)
        _agree(stage, data, group)
        _move_on(stage, data, group)
        pictures.cover(stage, data, group)
        group.refresh_from_db()
    for data in pending.PROPOSED:
        at = ago(data["ago"], stage.now)
        fields = {key: data[key] for key in ("kind", "area", "languages", "purpose")}
        group = groups.start_group(data["name"], by=stage.people[data["by"]], **fields)
        _date(stage, group, at)


def first_words(stage: Stage) -> dict[tuple[str, str], datetime]:
    """(group, person) → a moment before the person first says something there."""
    spoken: dict[tuple[str, str], datetime] = {}
    for topic in TOPICS:
        at = ago(topic.ago, stage.now) - timedelta(hours=3)
        for key in {topic.by, *(say.by for say in topic.says)}:
            place = (topic.group, key)
            spoken[place] = min(at, spoken.get(place, at))
    return spoken


def _start(stage: Stage, data) -> Group:
    first = data.stewards.split()[0]
    marisol = stage.people["marisol"]
    group = groups.start_group(
        data.name,
        by=stage.people[first],
        purpose=data.purpose,
        kind=data.kind,
        openness=data.openness,
        join_policy=data.join,
        questions=data.questions,
        area=data.area,
        languages=data.languages.split(),
        rhythm=data.charter.rhythm if data.charter else "",
        hue=data.hue,
    )
    if group.state == Group.State.PROPOSED:
        group = groups.approve_group(group, by=marisol)
    Space.objects.filter(pk=group.pk).update(slug=data.slug)
    group.space.slug = data.slug
    if data.parents:
        above = [stage.groups[key] for key in data.parents.split()]
        by = stage.people[first] if data.openness == "secret" else marisol
        set_parents(group, parents=above, by=by)
    _date(stage, group, stage.now - timedelta(days=data.founded))
    return group


def _fill(stage: Stage, data, group: Group, spoken: dict) -> None:
    founded = stage.now - timedelta(days=data.founded)
    space = Space.objects.lock(group.space)
    for place, (key, ring) in enumerate(rings_of(data)):
        member = stage.people[key]
        via = Membership.Via.JOINED if data.join == "open" else Membership.Via.REQUEST
        if data.join in ("invite", "voucher"):
            via = Membership.Via.INVITATION
        if place == 0:
            held = Membership.objects.get(space=space, member=member)
            joined = founded
        else:
            held = admit(member, space, ring=ring, via=via, by=member)
            since = max(founded, member.joined_at)
            share = scatter(data.key, key, most=80) / 100
            joined = min(since + (stage.now - since) * share, _before(spoken, data.key, key, stage))
        stage.date(held, joined_at=max(joined, member.joined_at), seen_at=seen_at(stage, key))
    for key, _ring in rings_of(data):
        stage.people[key].forget()
    group.space.refresh_from_db()


def _before(spoken: dict, group: str, key: str, stage: Stage) -> datetime:
    return spoken.get((group, key), stage.now - timedelta(hours=2))


def _agree(stage: Stage, data, group: Group) -> None:
    if not data.charter:
        return
    charter = data.charter
    norms = charter.norms
    versions = [(max(data.founded - 20, 14), norms, "")]
    if charter.changed:
        days, note = charter.changed
        versions = [(versions[0][0], norms.rpartition("\n")[0], ""), (days, norms, note)]
    spanish = data.languages.startswith("es")
    when_broken = "**Cuando alguien no lo cumple:**" if spanish else "**When one is broken:**"
    for days, agreed, note in versions:
        made = charters.adopt_charter(
            group,
            by=stage.people[data.stewards.split()[0]],
            review_on=(stage.now + timedelta(days=40 + scatter(data.key, most=200))).date(),
            change_note=note,
            purpose=charter.purpose,
            who_we_are=charter.who_we_are,
            norms=f"{agreed}\n\n{when_broken} {charter.how_we_correct}",
            decision_default=(
                POR_CONSENTIMIENTO if spanish else DECIDED_BY[charter.decision_default]
            ),
            meeting_rhythm=charter.rhythm,
            conflict_step=charter.conflict_step,
        )
        stage.date(made, adopted_at=stage.now - timedelta(days=days))


def _move_on(stage: Stage, data, group: Group) -> None:
    """From forming to where the data says that the group stands, its checklist done on the way."""
    steward, marisol = stage.people[data.stewards.split()[0]], stage.people["marisol"]
    if data.charter:
        groups.name_contacts(
            group,
            by=steward,
            welcomer=stage.people[data.welcomer],
            safety_contact=stage.people[data.safety],
            first_meeting_at=(stage.now - timedelta(days=data.founded - 4)).date(),
        )
    if data.charter or data.state == "forming":
        groups.name_liaison(
            group,
            by=marisol,
            liaison=stage.people["rosa" if steward.handle == "marisol" else "marisol"],
            met_at=(stage.now - timedelta(days=max(data.founded - 9, 1))).date(),
        )
    if data.state == "forming":
        return
    if data.state != "dormant":
        groups.change_state(group, to=Group.State.ACTIVE, by=steward)
    if data.state != "active":
        groups.change_state(group, to=data.state, by=marisol, reason=data.state_reason)
    days = 12 if data.state_reason else max(data.founded - 20, 14)
    stage.date(group, state_changed_at=stage.now - timedelta(days=days))


def _date(stage: Stage, group: Group, at: datetime) -> None:
    listed = {"listed_at": at} if group.space.listed_at else {}
    stage.date(group.space, created_at=at, active_at=at, **listed)
    stage.date(group, state_changed_at=at)
