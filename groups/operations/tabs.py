"""Which parts of a group are shown, in which order and under which words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from community.models import Member
from community.policies import Refused
from community.registry import registry
from groups import policies, tabs
from groups.models import Group


@transaction.atomic
def arrange_tabs(
    group: Group,
    *,
    order: Iterable[str],
    by: Member,
    off: Collection[str] = (),
    words: Mapping[str, str] | None = None,
) -> Group:
    """Put the parts of a group into an order, under words of its own, and away what it does not
    use: what that holds stays. ``order`` and ``off`` are names of tabs; ``words`` is {name: word},
    empty for the usual one. Raises Refused."""
    group = Group.objects.lock(group)
    policies.can_change_group(by, group).enforce()
    known = registry.tabs
    if any(name not in known or not known[name].switchable for name in off):
        raise Refused(_("This part of a group cannot be switched off."))
    said = {name: " ".join(word.split()) for name, word in (words or {}).items() if name in known}
    said = {name: word for name, word in said.items() if word and word != str(known[name].label)}
    called = [said.get(name, str(tab.label)).casefold() for name, tab in known.items()]
    if len(set(called)) < len(called):
        raise Refused(_("Two parts of a group cannot have the same name."))
    space = group.space
    space.tabs_order = [name for name in dict.fromkeys(order) if name in known]
    space.tabs_off = sorted(off)
    space.tab_words = {name: word[: tabs.MOST_LETTERS] for name, word in said.items()}
    space.save(update_fields=["tabs_order", "tabs_off", "tab_words"])
    return group
