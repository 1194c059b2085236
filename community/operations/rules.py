"""The rules of the house: added, worded better, retired; what was decided keeps their words."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audit
from community.models import Member, Rule
from community.policies import Refused, moderates, steers_community


def _may(member: Member) -> None:
    if not (steers_community(member) or moderates(member)):
        raise Refused(_("The stewards of the community and its moderators keep the rules."))


@transaction.atomic
def add_rule(*, title: str, text: str, by: Member) -> Rule:
    """A rule that holds from now on, after the others. Raises Refused."""
    _may(by)
    last = Rule.objects.aggregate(last=Max("position"))["last"] or 0
    rule = Rule.objects.create(title=title.strip(), text=text.strip(), position=last + 1)
    audit.record("moderation.added_rule", by=by, rule=rule.pk)
    return rule


@transaction.atomic
def word_rule(rule: Rule, *, title: str, text: str, by: Member) -> Rule:
    """The same rule in other words: a row of its own in the same place. The old one keeps the
    words by which was reported and decided. Raises Refused."""
    _may(by)
    rule = Rule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    if rule.retired_at is not None:
        raise Refused(_("This rule does not hold any more. Choose another."))
    title, text = title.strip(), text.strip()
    if (title, text) == (rule.title, rule.text):
        return rule
    rule.retired_at = timezone.now()
    rule.save(update_fields=["retired_at"])
    made = Rule.objects.create(title=title, text=text, position=rule.position)
    audit.record("moderation.worded_rule", by=by, rule=made.pk, before=rule.pk)
    return made


@transaction.atomic
def retire_rule(rule: Rule, *, by: Member) -> Rule:
    """It holds no more. The last one stays: without any, nothing could be decided."""
    _may(by)
    rules = list(Rule.objects.current().select_for_update(no_key=True))
    if len(rules) < 2:
        raise Refused(_("Keep at least one rule: without any, nothing can be decided."))
    rule = Rule.objects.get(pk=rule.pk)
    rule.retired_at = rule.retired_at or timezone.now()
    rule.save(update_fields=["retired_at"])
    audit.record("moderation.retired_rule", by=by, rule=rule.pk)
    return rule


@transaction.atomic
def move_rule(rule: Rule, *, step: int, by: Member) -> None:
    """One place up (-1) or down (+1) among the rules that hold; past an end it stays."""
    _may(by)
    rules = list(Rule.objects.current().select_for_update(no_key=True))
    here = next((at for at, one in enumerate(rules) if one.pk == rule.pk), None)
    there = None if here is None else here + (1 if step > 0 else -1)
    if there is None or not 0 <= there < len(rules):
        return
    rules[here], rules[there] = rules[there], rules[here]
    for position, one in enumerate(rules, start=1):
        one.position = position
    Rule.objects.bulk_update(rules, ["position"])
    audit.record("moderation.moved_rule", by=by, rule=rule.pk)
