"""Knows who may start, change and look into a group; topics ask here too."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import policies as core
from community.models import Comment, Community, Item, Member, Openness, Ring, Space
from community.policies import (
    JOIN_FIRST,
    YES,
    Verdict,
    no,
    ring_of,
    steers_community,
    stewards,
)
from community.steward_policies import can_oversee
from groups.models import Group, Topic, TopicMove

SMALL = 20
"""Below this many people, outsiders are not told how many there are."""


# Groups


def can_start(member: Member | None, community: Community) -> Verdict:
    """Begin a group, or propose one: who may is a choice of the organisation."""
    standing = core.in_good_standing(member, "propose")
    if not standing:
        return standing
    if not member.is_community_member:
        return no(_("You need to be a member of the community first."))
    if community.who_starts_groups == Community.WhoStarts.STEWARDS and not founds(member):
        return no(_("Here, stewards start new groups. Ask one of them to start it with you."))
    return YES


def founds(member: Member) -> bool:
    """Whether a group this member starts needs nobody's yes: they hold a group already.

    Their own proposal is none yet, and one that ended or was declined is none any more.
    """
    return steers_community(member) or any(
        row.ring >= Ring.STEWARD and row.space.listed_at and not row.space.closed_at
        for row in member.memberships_by_space.values()
    )


def can_approve(member: Member | None, group: Group) -> Verdict:
    """Say yes or no to a proposed group."""
    if not steers_community(member):
        return no(_("Stewards of the whole community answer proposals."))
    if group.state != Group.State.PROPOSED:
        return no(_("This proposal has been answered already."))
    return YES


def can_change_group(member: Member | None, group: Group) -> Verdict:
    """Its words, its doors, its tabs and its charter: for its own stewards."""
    if stewards(member, group.pk):
        return YES
    return no(_("Only stewards of this group can do this."))


def can_care_for(member: Member | None, group: Group) -> Verdict:
    """Where it stands, who holds which role, its end: for its stewards and those of the community.

    A secret group stays closed to everybody outside of it, stewards of the community included.
    """
    if stewards(member, group.pk):
        return YES
    if can_oversee(member, group.space):
        return YES
    return no(_("Only stewards of this group and of the whole community can do this."))


def can_name_liaison(member: Member | None, group: Group) -> Verdict:
    """Whom the organisation sends, and whether they have met, the organisation says."""
    if steers_community(member) and can_care_for(member, group):
        return YES
    if member is not None and member.pk == group.liaison_id:
        return YES
    if group.space.openness == Openness.SECRET and can_care_for(member, group):
        return YES  # nobody else knows of it
    return no(_("The stewards of the community name a group’s contact in the organisation."))


def can_branch_from(member: Member | None, parent: Group) -> Verdict:
    """Make a group a branch of ``parent``: for those who take part there."""
    if ring_of(member, parent.pk) >= Ring.PARTICIPANT:
        return YES
    if steers_community(member) and parent.space.openness != Openness.SECRET:
        return YES
    return no(
        _("Take part in %(group)s first, then yours can be a branch of it.")
        % {"group": parent.space.name}
    )


def can_archive(member: Member | None, group: Group) -> Verdict:
    if group.state == Group.State.ARCHIVED:
        return no(_("This group has ended already."))
    return can_care_for(member, group)


def can_see_inside(member: Member | None, group: Group) -> Verdict:
    """Read along: what exactly is readable, ``visible_to`` decides item by item."""
    space = group.space
    if ring_of(member, space):
        return YES
    if space.openness == Openness.PUBLIC:
        return YES
    known = member is not None and member.is_authenticated and member.is_community_member
    if known and space.openness == Openness.OPEN:
        return YES
    return no(_("Only people of this group see what is inside."))


def can_see_people(member: Member | None, group: Group) -> Verdict:
    """Names of the people: for those who take part, each as they let themselves be seen."""
    if can_care_for(member, group):
        return YES
    if "people" in group.space.tabs_off:
        return no(_("This group keeps the list of its people to its stewards."))
    if ring_of(member, group.pk) >= Ring.PARTICIPANT:
        return YES
    return no(_("Take part in this group to see who is in it."))


def can_see_count(member: Member | None, group: Group) -> Verdict:
    """How many there are: of a small group, only its own people learn it."""
    if ring_of(member, group.pk) or steers_community(member):
        return YES
    if group.space.member_count < SMALL:
        return no(_("a small group"))
    return YES


# Topics


def rings_for(member: Member | None, space: Space) -> list[int]:
    """The rings this member may speak to: none deeper than their own, the web for the few."""
    own = ring_of(member, space)
    if own < Ring.PARTICIPANT:
        return []
    first = Ring.WEB if space.openness == Openness.PUBLIC and own >= Ring.CORE else Ring.FOLLOWER
    return [ring for ring in Ring if first <= ring <= own]


def can_post(member: Member | None, group: Group) -> Verdict:
    """Start a topic in the group."""
    standing = core.in_good_standing(member, "post")
    if not standing:
        return standing
    if group.state == Group.State.ARCHIVED or group.space.closed_at:
        return no(_("This group has ended. What was said stays here to read."))
    own = ring_of(member, group.pk)
    if not own:
        return no(JOIN_FIRST)
    if own < Ring.PARTICIPANT:
        return no(_("You follow this group. Take part in it to write here."))
    return YES


def can_comment(member: Member | None, item: Item) -> Verdict:
    topic = item if isinstance(item, Topic) else item.topic
    if not topic.deleted_at:
        if topic.closed_at:
            return no(_("This topic is closed. It stays here to read."))
        if topic.space.closed_at:
            return no(_("This group has ended. What was said stays here to read."))
    return core.can_comment(member, topic)


def can_pin(member: Member | None, topic: Topic) -> Verdict:
    """Keep a topic on top of the list, or let it go."""
    if ring_of(member, topic.space_id) >= Ring.CORE:
        return YES
    return no(_("The core team chooses what stays on top."))


def can_close(member: Member | None, topic: Topic) -> Verdict:
    """End a conversation, or open it again."""
    if stewards(member, topic.space_id):
        return YES
    if member is not None and member.is_authenticated and topic.author_id == member.pk:
        return core.can_edit(member, topic)
    return no(_("The person who started this topic or a steward can close it."))


def can_answer(member: Member | None, topic: Topic) -> Verdict:
    """Say which comment answered a question: for who asked, and for stewards."""
    if topic.template != Topic.Template.QUESTION:
        return no(_("Only questions have an answer."))
    if stewards(member, topic.space_id):
        return YES
    if member is not None and member.is_authenticated and topic.author_id == member.pk:
        return core.can_edit(member, topic)
    return no(_("The person who asked chooses the answer."))


def can_move(member: Member | None, topic: Topic) -> Verdict:
    """Show a topic to more people or to fewer; what was answered goes with it."""
    if stewards(member, topic.space_id):
        return YES
    if member is None or not member.is_authenticated or topic.author_id != member.pk:
        return no(_("The person who started this topic or a steward can do this."))
    if len(rings_for(member, topic.space)) < 2:
        return no(_("There is nobody else here you could show it to."))
    return core.can_edit(member, topic)


def can_move_to_ring(member: Member | None, topic: Topic, ring: int) -> Verdict:
    """Where exactly it may go. Others' answers are shown to more people only by a steward."""
    verdict = can_move(member, topic)
    if not verdict:
        return verdict
    if ring not in rings_for(member, topic.space):
        return no(_("You cannot say something to these people."))
    if ring < topic.min_ring and topic.comment_count and not stewards(member, topic.space_id):
        return no(_("People have answered for fewer eyes. Ask a steward to show it to more."))
    return YES


# Topics that go elsewhere


def leads_away(member: Member | None, topic: Topic) -> Verdict:
    """Whether somebody moves, splits and merges here: stewards, and moderators who read it."""
    standing = core.in_good_standing(member, "edit")
    if not standing:
        return standing
    if stewards(member, topic.space_id):
        return YES
    if core.moderates(member) and Item.objects.visible_to(member).filter(pk=topic.pk).exists():
        return YES
    return no(_("Stewards of the group and moderators can do this."))


def goals(member: Member) -> QuerySet[Space]:
    """Groups to which the member may move a topic: those they lead; moderators, those they see."""
    open_ = Space.objects.filter(listed_at__isnull=False, closed_at=None).exclude(kind=Space.ROOT)
    if core.moderates(member):
        return open_.visible_to(member)
    return open_.filter(pk__in=member.led_ids)


def can_move_to_group(member: Member | None, topic: Topic, group: Group) -> Verdict:
    """Show a topic to another group: a steward of both, or a moderator who sees both."""
    verdict = leads_away(member, topic)
    if not verdict:
        return verdict
    if group.pk == topic.space_id:
        return no(_("It is in this group already."))
    if topic.deleted_at or topic.hidden_at:
        return no(_("This is no longer here."))
    if not goals(member).filter(pk=group.pk).exists():
        return no(_("You move topics between groups that you are a steward of."))
    return YES


MOVED_ON = _("It has moved on since. Move it to where it belongs.")


def is_newest(move: TopicMove) -> bool:
    """Whether nothing moved it since."""
    newest = TopicMove.objects.filter(item=move.item_id, undone_at=None)
    return newest.order_by("-created_at", "-pk").values_list("pk", flat=True).first() == move.pk


def can_undo_move(member: Member | None, topic: Topic, move: TopicMove) -> Verdict:
    """Bring a topic back: who could move it there could move it back."""
    if not is_newest(move) or move.kind != TopicMove.Kind.MOVED:
        return no(MOVED_ON)
    return can_move_to_group(member, topic, move.from_space.group)


def can_undo_split(
    member: Member | None, move: TopicMove, made: Topic | None, source: Topic | None
) -> Verdict:
    """Put what was split off back, for some days, while both are where they were."""
    if made is None or source is None or not is_newest(move):
        return no(MOVED_ON)
    if (made.space_id, made.min_ring) != (source.space_id, source.min_ring):
        return no(MOVED_ON)
    return _can_undo(member, move, made, source)


def can_undo_merge(
    member: Member | None, move: TopicMove, comment: Comment | None, into: Topic | None
) -> Verdict:
    """Make what was put into another topic one of its own again, for some days."""
    if comment is None or into is None or not is_newest(move):
        return no(MOVED_ON)
    if comment.item_id != into.pk or into.space_id != move.from_space_id:
        return no(MOVED_ON)
    return _can_undo(member, move, into, comment)


def _can_undo(member: Member | None, move: TopicMove, *things: Item) -> Verdict:
    verdict = leads_away(member, things[0])
    if not verdict:
        return verdict
    if any(thing.deleted_at or thing.hidden_at for thing in things):
        return no(_("This is no longer here."))
    if move.created_at + TopicMove.UNDO_WITHIN < timezone.now():
        return no(_("This was a while ago. Split or put together what is there now."))
    return YES


can_split = leads_away


def can_merge(member: Member | None, topic: Topic, into: Topic) -> Verdict:
    """Make a topic part of another one of the same group."""
    for one in (topic, into):
        verdict = leads_away(member, one)
        if not verdict:
            return verdict
        if one.deleted_at or one.hidden_at:
            return no(_("This is no longer here."))
    if topic.pk == into.pk:
        return no(_("Choose another topic."))
    if topic.space_id != into.space_id:
        return no(_("They are in different groups. Move one of them first."))
    return YES
