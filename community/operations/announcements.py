"""Announcing something to many: planned, tried, sent within everybody's budget, stopped."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from community import announcements as policies
from community import audit, feed, governor, mail, prose
from community.models import (
    Activity,
    Announcement,
    AnnouncementPlan,
    AnnouncementWords,
    Community,
    Item,
    Member,
    OutboxMail,
    Reach,
    Ring,
    Space,
    Urgency,
)
from community.notices.lines import Bundle, Told
from community.notices.mails import for_mail
from community.operations import writing
from community.policies import Refused
from community.registry import registry

State = AnnouncementPlan.State
VERB = "announcements.sent"
LONGEST = 20_000
MOST_TESTS = 40
"""Letters to oneself in an hour, with all other mail."""

log = logging.getLogger(__name__)


@transaction.atomic
def write_plan(
    space: Space, *, by: Member, words: dict[str, dict[str, str]], **segment: Any
) -> AnnouncementPlan:
    """Begin an announcement. ``words`` by language; ``segment`` as ``change_plan`` takes it."""
    policies.can_announce(by, space).enforce()
    plan = AnnouncementPlan(space=space, author=by, language=by.language)
    _fill(plan, words, segment, by)
    plan.save()
    plan.to_spaces.set(_spaces(plan, segment.get("spaces", ()), by))
    return plan


@transaction.atomic
def change_plan(
    plan: AnnouncementPlan, *, by: Member, words: dict[str, dict[str, str]], **segment: Any
) -> AnnouncementPlan:
    """Change what it says and whom it is for, while it has not begun. Raises Refused.

    ``segment``: ``min_ring`` who reads it; ``spaces``, ``rings``, ``languages``, ``areas`` whom it
    asks of them; ``deadline_at``; ``about`` an item.
    """
    plan = AnnouncementPlan.objects.lock(plan)
    policies.can_change_plan(by, plan).enforce()
    _fill(plan, words, segment, by)
    plan.save()
    plan.to_spaces.set(_spaces(plan, segment.get("spaces", ()), by))
    return plan


def _fill(plan: AnnouncementPlan, words: dict, segment: dict[str, Any], by: Member) -> None:
    plan.words = _worded(words)
    if not plan.words:
        raise Refused(_("Write a title and a text in at least one language."))
    if plan.language not in plan.words:
        plan.language = next(iter(plan.words))
    _aim(plan, segment, by)
    plan.nearness = governor.nearness(plan.space)
    plan.changed_at = timezone.now()


def _aim(plan: AnnouncementPlan, segment: dict[str, Any], by: Member) -> None:
    ring = segment.get("min_ring", Ring.FOLLOWER)
    if ring not in policies.rings_for(by, plan.space):
        raise Refused(_("You cannot say something to these people."))
    plan.min_ring = ring
    plan.to_rings = sorted({int(one) for one in segment.get("rings", ())} & set(Ring.values))
    plan.to_languages = [
        code for code, _name in settings.LANGUAGES if code in segment.get("languages", ())
    ]
    plan.to_areas = sorted(set(segment.get("areas", ())))
    plan.deadline_at = segment.get("deadline_at")
    if plan.deadline_at and plan.deadline_at <= timezone.now():
        raise Refused(_("This date is over. Choose one that is still to come."))
    about = segment.get("about")
    if about is not None and not Item.objects.visible_to(by).filter(pk=about.pk).exists():
        about = None
    plan.about = about


def _worded(words: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    kept = {}
    for code, _name in settings.LANGUAGES:
        said = words.get(code, {})
        title = " ".join(said.get("title", "").split())
        text = said.get("text", "").strip()
        if not title and not text:
            continue
        if not title or not text:
            raise Refused(_("Each language needs both, a title and a text."))
        if len(title) > 160 or len(text) > LONGEST:
            raise Refused(_("Make it shorter: 160 characters for a title, 20 000 for a text."))
        kept[code] = {"title": title, "text": text}
    return kept


def _spaces(plan: AnnouncementPlan, spaces: Any, by: Member) -> list[Space]:
    """Whose people are asked: only who speaks for the whole community chooses among groups."""
    wanted = {getattr(space, "pk", space) for space in spaces}
    if not wanted or not plan.space.is_root:
        return []
    found = list(policies.spaces_to_ask(by).filter(pk__in=wanted))
    if len(found) != len(wanted):
        raise Refused(_("Choose among the groups that are offered."))
    return found


@transaction.atomic
def foresee(space: Space, *, by: Member, **segment: Any) -> governor.Forecast:
    """Whom it would reach, while it is being written; keeps nothing. Raises Refused."""
    policies.can_announce(by, space).enforce()
    plan = AnnouncementPlan(space=space, author=by)
    _aim(plan, segment, by)
    chosen = _spaces(plan, segment.get("spaces", ()), by)
    return governor.forecast(plan, [one.pk for one in chosen])


@transaction.atomic
def test_plan(plan: AnnouncementPlan, *, by: Member) -> int:
    """Send it to oneself alone, in each language it is written in; how many letters."""
    plan = AnnouncementPlan.objects.lock(plan)
    policies.can_change_plan(by, plan).enforce()
    lately = OutboxMail.objects.filter(
        to__iexact=by.email, created_at__gt=timezone.now() - timedelta(hours=1)
    )
    if lately.count() >= MOST_TESTS:
        raise Refused(_("You got a lot of mail within the hour. Try again later."))
    site = settings.SITE_URL.rstrip("/")
    for language in plan.words:
        with translation.override(language):
            line = _tested(plan, language, by)
        mail.send(
            "notices.told",
            to=by.email,
            letter=mail.Letter(sender=by.display_name, urgency=Urgency.SOON, language=language),
            bundle=Bundle([line]),
            lines=for_mail([line]),
            url=site + line.url,
            why_url=site + line.url,
        )
    return len(plan.words)


def _tested(plan: AnnouncementPlan, language: str, by: Member) -> Told:
    """What those who read this language will be told, and that it is a test."""
    verb, said = registry.verbs[VERB], plan.words[language]
    sentence = str(verb.sentence) % {"actor": by.display_name, "title": said["title"]}
    title = str(_("Test (%(language)s): %(title)s")) % {"language": language, "title": sentence}
    return Told(
        verb=verb,
        sentence=title,
        why=str(_("you try it on yourself")),
        url=plan.get_absolute_url(),
        icon=verb.icon,
        hue="act",
        when=timezone.now(),
        actors=[by],
        html=prose.render(said["text"]),
        space=plan.space,
    )


@transaction.atomic
def schedule_plan(plan: AnnouncementPlan, *, at: datetime, by: Member) -> AnnouncementPlan:
    """Let it begin by itself at a moment to come. Raises Refused."""
    plan = AnnouncementPlan.objects.lock(plan)
    policies.can_change_plan(by, plan).enforce()
    if at <= timezone.now():
        raise Refused(_("This moment is over. Choose one that is still to come."))
    if plan.deadline_at and at >= plan.deadline_at:
        raise Refused(_("It would begin after the date it is about."))
    plan.state, plan.send_at = State.SCHEDULED, at
    plan.save(update_fields=["state", "send_at"])
    return plan


@transaction.atomic
def unschedule_plan(plan: AnnouncementPlan, *, by: Member) -> AnnouncementPlan:
    """It does not begin by itself any more."""
    plan = AnnouncementPlan.objects.lock(plan)
    policies.can_change_plan(by, plan).enforce()
    plan.state, plan.send_at = State.DRAFT, None
    plan.save(update_fields=["state", "send_at"])
    return plan


@transaction.atomic
def send_plan(plan: AnnouncementPlan, *, by: Member) -> AnnouncementPlan:
    """Let it go out now: at once to whom has room, to the others when they have. Raises Refused."""
    plan = AnnouncementPlan.objects.lock(plan)
    policies.can_change_plan(by, plan).enforce()
    return _begin(plan, by=by)


@transaction.atomic
def stop_plan(plan: AnnouncementPlan, *, by: Member) -> AnnouncementPlan:
    """Ask nobody more. Who was asked was asked; what was said stays to be read."""
    governor.lock()
    plan = AnnouncementPlan.objects.lock(plan)
    policies.can_stop(by, plan).enforce()
    rows = Reach.objects.filter(plan=plan, told_at=None, dropped_at=None)
    number = governor.drop(rows, Reach.Dropped.STOPPED)
    _end(plan, State.STOPPED)
    audit.record(
        "announcements.stopped",
        by=by,
        item=plan.announcement_id,
        space=plan.space_id,
        plan=plan.pk,
        spared=number,
    )
    return plan


@transaction.atomic
def discard_plan(plan: AnnouncementPlan, *, by: Member) -> None:
    """Let go of one that has not begun."""
    plan = AnnouncementPlan.objects.lock(plan)
    policies.can_change_plan(by, plan).enforce()
    plan.delete()


@transaction.atomic
def set_contact_budget(community: Community, *, a_day: int, a_week: int, by: Member) -> Community:
    """How often all senders together may ask one person. Raises Refused."""
    policies.can_set_budget(by).enforce()
    community = Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    if not (1 <= a_day <= 5 and a_day <= a_week <= 14):
        raise Refused(_("Choose 1 to 5 a day, and no fewer and at most 14 in seven days."))
    community.contacts_a_day, community.contacts_a_week = a_day, a_week
    community.save(update_fields=["contacts_a_day", "contacts_a_week"])
    audit.record("announcements.budget_set", by=by, space=community.pk, a_day=a_day, a_week=a_week)
    return community


# What the clock does


def begin_due() -> int:
    """Begin what was scheduled for now; how many."""
    begun, now = 0, timezone.now()
    due = AnnouncementPlan.objects.filter(state=State.SCHEDULED, send_at__lte=now)
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            plan = AnnouncementPlan.objects.lock(AnnouncementPlan(pk=pk))
            if plan.state != State.SCHEDULED:
                continue
            try:
                policies.can_change_plan(plan.author, plan).enforce()
                _begin(plan, by=plan.author)
                begun += 1
            except Refused as refused:  # whoever wrote it does not speak for the space any more
                log.warning("Announcement plan %s is stopped: %s", pk, refused.reason)
                _end(plan, State.STOPPED)
    return begun


def release() -> int:
    """Ask everybody who has room, in the governor's order; how many were asked."""
    asked = 0
    for pk in governor.in_order():
        with transaction.atomic():
            governor.lock()
            plan = AnnouncementPlan.objects.lock(AnnouncementPlan(pk=pk))
            if plan.state == State.SENDING:
                asked += _release(plan)
    return asked


def _begin(plan: AnnouncementPlan, *, by: Member) -> AnnouncementPlan:
    from community.tasks import release_announcements

    now, said = timezone.now(), plan.words[plan.language]
    announcement = Announcement(
        kind=Announcement.KIND,
        space=plan.space,
        min_ring=plan.min_ring,
        author=by,
        title=said["title"],
        about=plan.about,
        lang=plan.language,
        deadline_at=plan.deadline_at,
        created_at=now,
        active_at=now,
    )
    writing.set_text(announcement, said["text"], is_new=True)
    AnnouncementWords.objects.bulk_create(
        AnnouncementWords(
            announcement=announcement,
            language=language,
            title=words["title"],
            text=words["text"],
            html=prose.render(words["text"]),
        )
        for language, words in plan.words.items()
        if language != plan.language
    )
    plan.author, plan.announcement = by, announcement
    plan.state, plan.began_at = State.SENDING, now
    plan.save(update_fields=["author", "announcement", "state", "began_at"])
    number = governor.gather(plan)
    writing.stir(plan.space)
    feed.record(VERB, actor=by, item=announcement, title=announcement.title)
    audit.record(
        "announcements.began",
        by=by,
        item=announcement,
        space=plan.space_id,
        plan=plan.pk,
        meant=number if number >= governor.FEW else 0,
    )
    release_announcements.delay_on_commit()
    return plan


def _release(plan: AnnouncementPlan) -> int:
    from community.tasks import deliver

    asked = governor.release(plan)
    if asked:
        activity = Activity.objects.filter(item=plan.announcement_id, verb=VERB).first()
        if activity is not None:
            Activity.objects.filter(pk=activity.pk).update(told_at=None)
            deliver.delay_on_commit(activity.pk)
    if not Reach.objects.filter(plan=plan, told_at=None, dropped_at=None).exists():
        _end(plan, State.SENT)
    return asked


def _end(plan: AnnouncementPlan, state: str) -> None:
    plan.state, plan.ended_at = state, timezone.now()
    plan.save(update_fields=["state", "ended_at"])
