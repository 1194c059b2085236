"""Saying that something breaks the rules: each report joins the open case of its thing."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import feed, moderation, policies
from community.models import Case, Item, Media, Member, Message, Report, Rule, Space
from community.operations import moderation as decisions
from community.policies import Refused


@transaction.atomic
def report_item(item: Item, *, by: Member, at_once: bool = False, **said: Any) -> Report:
    """Report a post or an answer that the reporter reads. Raises Refused.

    ``at_once``: moderators and stewards hide what they report, until somebody else has decided.
    """
    policies.may(by, "report", item).enforce()
    thing = {"item_id": item.pk}
    about = {"person_id": item.author_id, "space_id": item.space_id, "what": item.kind}
    report = _report(item, thing, about, by=by, **said)
    if at_once:
        decisions.hide_at_once(report, by=by)
    return report


@transaction.atomic
def report_message(message: Message, *, by: Member, **said: Any) -> Report:
    """Report what was said in a chat that the reporter reads. Raises Refused.

    Of a conversation, those who decide read this one message, as it was then, and no other.
    """
    policies.may(by, "report", message).enforce()
    said.pop("at_once", None)
    thing = {"message_id": message.pk}
    about = {
        "person_id": message.author_id,
        "space_id": message.room.space_id,
        "what": moderation.MESSAGE,
    }
    return _report(message, thing, about, by=by, **said)


@transaction.atomic
def report_person(person: Member, *, by: Member, **said: Any) -> Report:
    """Report somebody for what they show of themselves or do. Raises Refused."""
    policies.may(by, "report", person).enforce()
    thing = {"person_id": person.pk, "what": moderation.PERSON}
    return _report(person, thing, {}, by=by, **said)


@transaction.atomic
def report_group(space: Space, *, by: Member, **said: Any) -> Report:
    """Report a group as such. Raises Refused."""
    policies.may(by, "report", space).enforce()
    thing = {"space_id": space.pk, "what": moderation.GROUP}
    return _report(space, thing, {}, by=by, **said)


def _report(
    subject: Any,
    thing: dict[str, Any],
    about: dict[str, Any],
    *,
    by: Member,
    rule: Rule | None = None,
    wish: str = Report.Wish.HIDE,
    words: str = "",
    medium: Media | None = None,
) -> Report:
    if rule is None and not words.strip():
        raise Refused(_("Choose a rule, or say in your words what is wrong."))
    if wish not in Report.Wish.values:
        raise Refused(_("Choose what you would like to happen."))
    case, is_new = _open_case(thing, about)
    said = {"rule": rule, "wish": wish, "words": words.strip()[:2000], "medium": medium}
    report, _made = Report.objects.update_or_create(
        case=case,
        reporter=by,
        defaults=said,
        # The thing as it was when they first said so, whatever became of it since.
        create_defaults={**said, "snapshot": moderation.words_of(subject, reader=by)},
    )
    case.stirred_at = timezone.now()
    case.save(update_fields=["stirred_at"])
    if is_new:
        feed.record(
            "reports.opened",
            actor=None,
            space=case.space or Space.objects.root(),
            case=case.pk,
        )
    return report


def _open_case(thing: dict[str, Any], about: dict[str, Any]) -> tuple[Case, bool]:
    """The open case of the thing, locked, and whether it was made now.

    Two who report at once meet in the database: the second finds the case of the first.
    """
    for _attempt in range(3):
        found = (
            Case.objects.select_for_update(no_key=True).filter(state__in=Case.OPEN, **thing).first()
        )
        if found is not None:
            return found, False
        try:
            with transaction.atomic():
                return Case.objects.create(**thing, **about), True
        except IntegrityError:
            continue
    raise Refused(_("Many people report this right now. Try again in a moment."))
