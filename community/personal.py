"""Knows which rows are held about a person: why, how long, how they are handed out and erased.

Every model with a key to ``Member`` declares a holding for it, and so does every model with a key
to what stands for a person (``stand_in``); ``tests/community/test_personal.py`` fails on one that
does not. My record, the export, leaving, erasure, retention and the table of docs/privacy.md are
all readings of this list. An app declares in its ``kinds.py``, the core in
``community/holdings.py``::

    from community.personal import Holding, declare

    declare(
        Holding(
            model="shifts.Signup",
            people=("member",),
            label=_("Shifts you took"),
            purpose=_("So that those who run the shift know whom to expect."),
            shelf="doing",
            kept=timedelta(days=365),
            since="created_at",
            export=("id", "shift_id", "created_at"),
            erase="delete",
        ),
        Holding(
            model="shifts.Signup",
            people=("confirmed_by",),
            label=_("Shifts you confirmed"),
            purpose=_("Who said that somebody was there."),
            shelf="care",
            kept_words=_("as long as the sign-up"),
            export=("id", "created_at"),
            erase="unlink",
        ),
    )

* One holding is one relation between a table and a person. Two keys with two purposes are two
  holdings of one model; each key is named by exactly one. A path may lead through other rows
  (``"request__member"``); its first step is the key it answers for.
* ``people`` is empty where rows name somebody without a key (mail by its address): ``rows`` finds
  them then.
* ``kept`` and ``since`` let the clock delete rows that old; ``old(now)`` says it where a date is
  not enough, and ``forget(rows)`` where deleting is not. What has no time of its own
  (``kept=None``) says in ``kept_words`` how long it stays.
* ``export`` is the columns (paths) that are handed out, or a function ``member -> dicts``: never
  texts or titles by others. None needs a reason in ``withheld``.
* ``erase``: ``"delete"`` the rows, ``"unlink"`` the person from them (keys that may be empty),
  ``"keep"`` with a reason in ``because``, or a function ``member -> None``. ``at_once``: on leaving
  already, else with the rest when the time after leaving is over.
* ``basis`` names the law it rests on (``community/bases.py``), if not that of its shelf. What rests
  on a yes says in ``consent`` which column holds when it was said, and the address where the person
  takes it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community import bases

AFTER_LEAVING = timedelta(days=183)
"""How long what is left of a person stays after they left: half a year."""

SHELVES = {
    "you": _("Who you are"),
    "belonging": _("Where you belong"),
    "said": _("What you wrote and gave"),
    "doing": _("What you do here"),
    "told": _("What we tell you"),
    "signing_in": _("How you sign in"),
    "care": _("Keeping each other safe"),
    "office": _("What you do for others here"),
}
"""Parts of My record, in this order: name → heading."""

BATCH = 500


class Undeclared(Exception):
    """A declaration that breaks a promise."""


@dataclass(frozen=True)
class Holding:
    """One relation between a table and a person; see the module for what each field means."""

    model: str
    people: tuple[str, ...]
    label: Any
    """What it is, plural, said to the person: "Your memberships"."""
    purpose: Any
    """Why it is held, one sentence."""
    export: tuple[str, ...] | Callable[[Any], Iterable[dict[str, Any]]] | None
    erase: str | Callable[[Any], Any]
    shelf: str = "you"
    kept: timedelta | None = None
    since: str = ""
    kept_words: Any = ""
    old: Callable[[datetime], Any] | None = None
    """``old(now)`` → queryset of the rows whose time is over."""
    forget: Callable[[Any], int] | None = None
    """``forget(rows)``: how a batch of old rows goes, and how many went; None: they are deleted."""
    rows: Callable[[Any], Any] | None = None
    """``rows(member)`` → queryset, where keys do not say it."""
    part: str = ""
    """Tells two holdings of a table apart that name no key."""
    files: Callable[[Any], Iterable[tuple[str, Any]]] | None = None
    """``files(member)`` → (name in the zip, opener of the file), for the export."""
    link: str = ""
    """Name of the address where the person sees or changes it."""
    withheld: Any = ""
    because: Any = ""
    hidden: bool = False
    """Not even counted on My record: that there is one would tell what must not be told."""
    at_once: bool = False
    protects: tuple[str, ...] = ()
    """Paths to people whose own rows go when these go: a legal hold on one of them keeps these."""
    despite_hold: bool = False
    """Goes when its time is over even while a legal hold stands: keys, codes, copies."""
    order: int = 50
    """Erased in this order: what others hang on goes last."""
    basis: str = ""
    consent: tuple[str, str] = ()

    @property
    def name(self) -> str:
        """``app.Model``, with the key behind it: the name in the export and of its retention."""
        part = self.part or (self.people[0] if self.people else "")
        return f"{self.model}.{part}" if part else self.model

    @property
    def basis_name(self) -> str:
        return self.basis or bases.OF_SHELF[self.shelf]

    @property
    def rests_on(self) -> bases.Basis:
        """The law by which it may be held."""
        return bases.BASES[self.basis_name]

    @property
    def table(self) -> Any:
        from django.apps import apps

        return apps.get_model(self.model)

    def of(self, member: Any) -> Any:
        """The rows held about the member, as a queryset."""
        if self.rows is not None:
            return self.rows(member)
        from django.db.models import Q

        found = Q()
        for path in self.people:
            found |= Q(**{path: member.pk})
        return self.table._base_manager.filter(found)

    def exported(self, member: Any) -> Iterator[dict[str, Any]]:
        """What the person is handed, row by row and not all at once."""
        if self.export is None:
            return
        if callable(self.export):
            yield from self.export(member)
            return
        rows = self.of(member).order_by("pk").values(*self.export)
        yield from rows.iterator(chunk_size=BATCH)

    def expired(self, now: datetime) -> Any:
        """The rows whose time is over, or None where the clock deletes nothing."""
        if self.old is not None:
            return self.old(now)
        if self.kept is None or not self.since:
            return None
        return self.table._base_manager.filter(**{f"{self.since}__lt": now - self.kept})

    @property
    def how_long(self) -> str:
        """In words."""
        return str(self.kept_words) if self.kept_words else in_words(self.kept)

    @property
    def how_erased(self) -> str:
        if self.erase == "keep":
            return str(_("stays: %(why)s")) % {"why": self.because}
        if self.erase == "unlink":
            return str(_("stays without your name"))
        return str(_("is deleted"))


def in_words(span: timedelta | None) -> str:
    if span is None:
        return str(_("as long as you are here"))
    days = span.days
    if days % 365 == 0 and days:
        return ngettext("%(n)s year", "%(n)s years", days // 365) % {"n": days // 365}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


_holdings: dict[str, Holding] = {}
_stand_ins: set[str] = {"community.member"}


def declare(*entries: Holding) -> None:
    """Add holdings. Raises Undeclared for one that does not say what it must."""
    for entry in entries:
        if entry.name in _holdings:
            raise Undeclared(f"{entry.name} is declared twice.")
        if wrong := _what_lacks(entry):
            raise Undeclared(f"{entry.name}: {wrong}")
        _holdings[entry.name] = entry


def stand_in(*models: str) -> None:
    """Rows of these models stand for a person: keys to them are declared like keys to Member."""
    _stand_ins.update(model.lower() for model in models)


def _what_lacks(entry: Holding) -> str:
    if not entry.people and entry.rows is None:
        return "say who the people are, or by which rows they are found."
    if not (entry.label and entry.purpose):
        return "say in words what it is and why it is held."
    if entry.shelf not in SHELVES:
        return f"there is no shelf {entry.shelf!r}."
    if entry.basis_name not in bases.BASES:
        return f"there is no basis {entry.basis!r}."
    if (entry.basis_name == bases.CONSENT) != (len(entry.consent) == 2):
        return "say when a yes was given and where it is taken back, and of nothing else."
    if entry.kept is None and entry.old is None and not entry.kept_words:
        return "say how long it is kept."
    if entry.kept is not None and not (entry.since or entry.old):
        return "say since when the time counts."
    if entry.export is None and not entry.withheld:
        return "say why it is not handed out."
    if isinstance(entry.erase, str) and entry.erase not in ("delete", "unlink", "keep"):
        return f"{entry.erase!r} is no way to erase."
    if entry.erase == "keep" and not entry.because:
        return "say why it is kept."
    if entry.erase == "unlink" and any("__" in path for path in entry.people):
        return "only a key of the table itself can be unlinked."
    return ""


def holdings() -> list[Holding]:
    """All of them, by shelf."""
    shelves = list(SHELVES)
    return sorted(_holdings.values(), key=lambda one: (shelves.index(one.shelf), one.name))


def undeclared() -> list[str]:
    """Sentences, one for each key to a person that no holding names and each path that is wrong."""
    from django.apps import apps
    from django.core.exceptions import FieldDoesNotExist
    from django.db.models import ForeignKey

    told: list[str] = []
    named = {
        (one.model.lower(), path.partition("__")[0]) for one in holdings() for path in one.people
    }
    for one in holdings():
        try:
            model = apps.get_model(one.model)
        except LookupError:
            told.append(f"{one.name}: there is no model {one.model}.")
            continue
        if one.consent:
            try:
                model._meta.get_field(one.consent[0])
            except FieldDoesNotExist:
                told.append(f"{one.name}: nothing says when the yes was given.")
        for path in one.people:
            try:
                _follow(model, path)
            except FieldDoesNotExist:
                told.append(f"{one.name}: {path} leads to nobody.")
        if one.since:
            try:
                model._meta.get_field(one.since)
            except FieldDoesNotExist:
                told.append(f"{one.name}: there is no column {one.since}.")
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if not isinstance(field, ForeignKey) or field.remote_field.parent_link:
                continue
            if field.related_model._meta.label_lower not in _stand_ins:
                continue
            if (model._meta.label_lower, field.name) not in named:
                told.append(
                    f"{model._meta.label}.{field.name} points at a person and no holding names it."
                )
    return told


def _follow(model: Any, path: str) -> None:
    from django.core.exceptions import FieldDoesNotExist

    for step in path.split("__"):
        if model is None:
            raise FieldDoesNotExist(path)
        model = model._meta.get_field(step).related_model
    if model is None or model._meta.label_lower != "community.member":
        raise FieldDoesNotExist(path)


def table() -> str:
    """All holdings as a Markdown table, for docs/privacy.md: in the language that is active."""
    lines = ["### On what it rests", "", bases.table()]
    for shelf, heading in SHELVES.items():
        lines += [f"### {heading}", ""]
        lines += [
            "| What | Why | On what basis | How long | When somebody leaves, it |",
            "| --- | --- | --- | --- | --- |",
        ]
        for one in holdings():
            if one.shelf == shelf:
                law = f"{one.rests_on.article_6}, {one.rests_on.article_9}"
                cells = (one.label, one.purpose, law, one.how_long, one.how_erased)
                lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
        lines.append("")
    return "\n".join(lines)
