"""Knows what the page of one case says, and no more than its reader may know."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from community.models import Case, Item, Measure, Media, Member, Message, Report, Space
from community.moderation import GROUP, PERSON, reported_words, words_of
from community.policies import moderates
from community.registry import registry


@dataclass
class Shown:
    """A case as one reader sees it."""

    case: Case
    reports: list[Report]
    """Oldest first; the reporter is on them for moderators only."""
    names_reporters: bool
    place: str
    """Where it is, in words that tell no more than the reader may know."""
    url: str = ""
    """Its address, if the reader may read it there too."""
    space: Space | None = None
    text_then: str = ""
    title_then: str = ""
    text_now: str = ""
    """What it says now, if that is something else."""
    gone: bool = False
    pictures: list[Media] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    """Of the page of a person or a group: field → what was reported and still stands there."""
    measures: list[Measure] = field(default_factory=list)
    earlier: list[Measure] = field(default_factory=list)
    """What was decided about the person before, elsewhere."""
    reported_before: int = 0


def shown(case: Case, reader: Member) -> Shown:
    """All that the page of a case says. The reader may see the case."""
    names = moderates(reader)
    reports = list(
        case.reports.select_related("rule", "reporter__avatar", "medium").order_by("created_at")
    )
    if not names:
        for report in reports:
            report.reporter = None
    space = case.space
    known = bool(space) and Space.objects.visible_to(reader).filter(pk=space.pk).exists()
    found = Shown(
        case=case,
        reports=reports,
        names_reporters=names,
        space=space if known else None,
        place=str(space.name if known else _("a group you are not in")) if space else "",
        measures=list(
            case.measures.select_related(
                "rule", "by", "seconded_by", "lifted_by", "appeal__by"
            ).order_by("created_at")
        ),
    )
    newest = next((row.snapshot for row in reversed(reports) if row.snapshot), {})
    found.title_then, found.text_then = newest.get("title", ""), newest.get("text", "")
    _of_item(found, reader)
    _of_person(found, reader)
    return found


def _of_item(found: Shown, reader: Member) -> None:
    case = found.case
    if case.message is not None:
        _of_message(found, case.message, reader)
        return
    if case.item is None:
        if case.what == PERSON and case.person is not None:
            if Member.objects.visible_to(reader).filter(pk=case.person_id).exists():
                found.url = case.person.get_absolute_url()
        elif case.what == GROUP and found.space is not None:
            found.url = found.space.get_absolute_url()
        found.gone = case.what not in (PERSON, GROUP)
        found.pictures = [row.medium for row in found.reports if row.medium]
        page = case.person if case.what == PERSON else case.space
        found.words = reported_words(case, page)
        return
    found.gone = case.item.deleted_at is not None
    words = words_of(case.item)
    if words["text"] != found.text_then:
        found.text_now = words["text"]
    if Item.objects.visible_to(reader).filter(pk=case.item_id).exists():
        found.url = registry.kind(case.item.kind).address(case.item_id)
    found.pictures = list(
        Media.objects.filter(item=case.item_id, state=Media.State.READY, kind=Media.Kind.IMAGE)
    )


def _of_message(found: Shown, message: Message, reader: Member) -> None:
    """That one message; the room around it only for those who read it anyway."""
    found.gone = message.deleted_at is not None
    if message.text != found.text_then:
        found.text_now = message.text
    if Message.objects.visible_to(reader).filter(pk=message.pk).exists():
        found.url = message.get_absolute_url()
    found.pictures = list(
        Media.objects.filter(message=message.pk, state=Media.State.READY, kind=Media.Kind.IMAGE)
    )


def _of_person(found: Shown, reader: Member) -> None:
    """What there was with this person before; for a steward, in the spaces they lead."""
    case = found.case
    if case.person_id is None:
        return
    earlier = Measure.objects.filter(member=case.person_id).exclude(case=case)
    earlier = earlier.exclude(data__has_key="group")  # they only answer for it
    cases = Case.objects.for_moderator(reader).filter(person=case.person_id).exclude(pk=case.pk)
    if not moderates(reader):
        earlier = earlier.filter(space__in=reader.led_ids)
    found.earlier = list(earlier.select_related("rule").order_by("-created_at")[:10])
    found.reported_before = cases.count()
