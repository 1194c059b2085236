"""Knows which nouns, verbs, tabs and places the installed apps bring; imports nothing of ours.

Each app fills the registry from its ``kinds.py``, which Django's autodiscovery imports when the
core app is ready. The core never names an app; taking an app out takes its entries out with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

CLASSES = ("person", "promise", "right", "groups", "organisation", "security")
"""Of notices; what each means stands in ``community/models/notices.py``."""


class RegistryError(Exception):
    """A registration that breaks a promise: a duplicate, a missing template, a missing policy."""


@dataclass(frozen=True)
class Lens:
    """A narrower look at Today: only the questions, only the debriefs."""

    name: str
    label: Any
    where: dict[str, Any]
    """Lookups from ``Item``, as ``filter`` takes them."""
    icon: str = "list"


@dataclass(frozen=True)
class Kind:
    """A noun: something people make, open, discuss or report."""

    name: str
    """``app.model``, as stored in ``Item.kind``."""
    model: str
    """``app_label.ModelName``, resolved by Django's app registry."""
    label: Any
    """Lazy translation, singular: "Topic"."""
    icon: str
    hue: str
    """A kind colour of the design: talk, event, act, decide, idea, learn, guide, people."""
    part: Callable[[Any], Any] | None = None
    """``part(card)`` → all that its card shows, as a value to be drawn; asks the database nothing.

    ``card`` is a ``community.feed.Card``. None: never shown as a card.
    """
    policies: str = ""
    """Dotted path of the module whose ``can_…`` functions override the core's."""
    in_feed: bool = True
    """Whether new ones and their activity belong on Today."""
    plural: Any = ""
    """Lazy translation: "Topics"."""
    text: Callable[[Any], str] | None = None
    """The words by which search finds it, besides the title."""
    personal: tuple[str, ...] = ()
    """Fields that are personal data, for export and erasure."""
    children: Callable[[Iterable[int]], dict[int, Any]] | None = None
    """Loads the rows of this kind for cards, in one query: ids in, {id: row} out."""
    lenses: tuple[Lens, ...] = ()
    url_name: str = ""
    """Name of the address of one of them, reversed with its id."""
    said: Callable[[list[int], str | None], dict[int, tuple[str, str]]] | None = None
    """``said(ids, language)`` → {id: (title, HTML)} for kinds that speak to each reader in their
    own language; one query."""
    acted: Callable[[Any], Any] | None = None
    """``acted(item)`` → members who have done what it asks: they are not asked again."""

    def address(self, pk: int) -> str:
        """Where this one is; empty for a kind without a page of its own."""
        from django.urls import reverse

        return reverse(self.url_name, args=[pk]) if self.url_name else ""


@dataclass(frozen=True)
class Verb:
    """Something that happens: one row of ``Activity``, and every reading of it."""

    name: str
    """``thing.happened``, as stored in ``Activity.verb``."""
    sentence: Any
    """Lazy translation with %(actor)s, %(title)s, %(space)s and the keys of ``data``."""
    topic: str = "talk"
    """What it is about, which settles who may still see its notice (community/notices)."""
    attention: str = ""
    """The class of its notices, one of ``CLASSES``: how soon they come, by which
    way, and whether they can be off. What is told to somebody has one."""
    recipients: Callable[[Any], Any] | None = None
    """``recipients(activity)`` → queryset of members; None: nobody is told."""
    mailed: Callable[[Any], bool] | None = None
    """``mailed(activity)`` → whether its operation writes a mail of its own."""
    discreet: bool = False
    """Whether mail and push of it never say what it is about, whatever the person chose."""
    why: Any = ""
    """Lazy translation that ends "You get this because …", where its topic does not say it."""
    icon: str = "bell"
    url: Callable[[Any], str] | None = None
    """``url(activity)`` → where its notice leads; None: to its item, or else to its space."""
    steers: bool = False
    """Told to the stewards of the whole community, whatever they may see of the space."""

    @property
    def of_people(self) -> bool:
        """Talk among people: whoever mutes or blocks somebody hears no such thing of them. What is
        owed to somebody, or asked of them as a steward, they are told all the same."""
        return self.topic in ("talk", "replies", "groups", "mentions", "direct")


@dataclass(frozen=True)
class Act:
    """Something that somebody does with special power, as the audit log keeps it."""

    name: str
    """``thing.done``, as stored in ``AuditEntry.action``."""
    label: Any
    """Lazy translation: "Gave a staff role"."""
    told: bool = True
    """Whether the person it was about reads of it on *My record*."""
    look: bool = False
    """Whether somebody read what is not open to them otherwise."""
    late: bool = False
    """Whether the person reads of it only when it gives no case away (community/audit.py)."""


@dataclass(frozen=True)
class Tab:
    """A tab of a space's page, brought by the app that fills it."""

    name: str
    label: Any
    icon: str
    url_name: str
    """Reversed with the space's slug."""
    order: int = 50
    switchable: bool = True
    """Whether stewards may switch it off for their group."""
    min_ring: int = 0
    """The ring from which it is shown; what it shows is decided by ``visible_to``."""


@dataclass(frozen=True)
class SpaceKind:
    """A kind of place with people in it, and where its pages are: names of addresses."""

    name: str
    """As stored in ``Space.kind``."""
    home: str
    """This, ``people`` and ``join`` are reversed with the space's slug."""
    people: str
    join: str
    appeal: str
    """Reversed with the number of a removal."""
    frame: str = ""
    """Dotted path of ``frame(request, space, tab) -> context`` for tabs that other apps bring."""
    frame_template: str = ""
    """What such a tab extends; it fills the block ``tab``."""
    ask: str = ""
    """Where somebody asks to come in, reversed with the slug."""
    suggested: Callable[[Any, int], list[Any]] | None = None
    """``suggested(member, most)`` → spaces for somebody new, each with ``may_join``."""
    nearness: Callable[[Any], int] | None = None
    """``nearness(space)`` → how close its stewards are to its people: 1, or 2 for a region."""

    def around(self, request: Any, space: Any, tab: str) -> dict[str, Any]:
        """What the page shows around a tab of another app."""
        from django.utils.module_loading import import_string

        found = import_string(self.frame)(request, space, tab) if self.frame else {}
        return {**found, "frame_template": self.frame_template or "base.html"}


@dataclass(frozen=True)
class Place:
    """A place of the main navigation."""

    name: str
    label: Any
    icon: str
    url_name: str
    order: int = 50
    on_phone: bool = True
    count: Callable[[Any], Any] | None = None
    """``count(frame)`` → what is new there, for its badge; see ``community.context.Frame``."""
    may: Callable[[Any], Any] | None = None
    """``may(member)`` → whether to show it; asked on every page, so it asks the database nothing.

    A place with a rule of its own stands apart, under *Lead*, and on a phone on the page *Me*.
    """


@dataclass(frozen=True)
class Due:
    """What waits at a place of the desk: how many, and since when the first of them."""

    number: int = 0
    since: Any = None
    late: bool = False
    """Whether something there has waited longer than was promised."""


@dataclass(frozen=True)
class DeskPlace:
    """A place that staff and stewards reach from their desk."""

    name: str
    label: Any
    icon: str
    url_name: str
    may: Callable[[Any], Any]
    """``may(member)`` → whether they have business there; without a query, as for ``Place``."""
    count: Callable[[Any], Due | int] | None = None
    """``count(member)`` → what waits for them there: a Due, or a plain number. One query."""
    order: int = 50
    hint: Any = ""
    """One line on what is done there."""
    hue: str = "people"


@dataclass(frozen=True)
class Creation:
    """Something the create button offers; shown to members of the community."""

    name: str
    label: Any
    icon: str
    url_name: str
    order: int = 50


@dataclass(frozen=True)
class Beside:
    """A card in the right column of Today."""

    name: str
    part: Callable[[Any], Any]
    """``part(member)`` → a part to draw (community.drawn), or None for nothing; one query."""
    order: int = 50


@dataclass(frozen=True)
class Waiting:
    """A source of cards for *what waits for you* on Today."""

    name: str
    cards: Callable[[Any], list[WaitingCard]]
    """``cards(member)`` → the cards; a bounded number of queries, at most a handful of rows."""
    some: Callable[[Any], Any] | None = None
    """``some(reader)`` → a condition without which there are none: all are asked in one query.

    It is composed once for everybody (community.prepared), so it may not look at the clock.
    """


@dataclass(frozen=True)
class WaitingCard:
    """One thing that waits for a person; ``urgency`` sorts, smaller first."""

    label: Any
    title: str
    url: str
    action: Any
    icon: str
    hue: str = "talk"
    when: Any = ""
    urgency: int = 50


@dataclass
class Registry:
    """The lists themselves. ``add`` refuses what would break a page later."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    verbs: dict[str, Verb] = field(default_factory=dict)
    acts: dict[str, Act] = field(default_factory=dict)
    tabs: dict[str, Tab] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    space_kinds: dict[str, SpaceKind] = field(default_factory=dict)
    waiting: dict[str, Waiting] = field(default_factory=dict)
    creations: dict[str, Creation] = field(default_factory=dict)
    beside: dict[str, Beside] = field(default_factory=dict)
    desk: dict[str, DeskPlace] = field(default_factory=dict)
    after: dict[str, list[str]] = field(default_factory=dict)
    """Verb name → names of Celery tasks that follow it, by ``follow``."""

    def add(
        self, *entries: Kind | Verb | Act | Tab | Place | Waiting | Creation | Beside | DeskPlace
    ) -> None:
        """Add entries. Raises RegistryError on a duplicate name or a malformed entry."""
        for entry in entries:
            shelf = self._shelf(entry)
            if entry.name in shelf:
                raise RegistryError(f"{type(entry).__name__} {entry.name!r} is registered twice.")
            if isinstance(entry, Kind | Verb | Act) and entry.name.count(".") != 1:
                raise RegistryError(f"{entry.name!r} should read like 'app.thing'.")
            shelf[entry.name] = entry

    def _shelf(self, entry: Any) -> dict[str, Any]:
        match entry:
            case Kind():
                return self.kinds
            case Verb():
                return self.verbs
            case Act():
                return self.acts
            case Tab():
                return self.tabs
            case Place():
                return self.places
            case SpaceKind():
                return self.space_kinds
            case Waiting():
                return self.waiting
            case Creation():
                return self.creations
            case Beside():
                return self.beside
            case DeskPlace():
                return self.desk
        raise RegistryError(f"{entry!r} is nothing the registry knows.")

    def follow(self, verb: str, task: str) -> None:
        """Run the Celery task after commit, with the activity's id, whenever ``verb`` happens."""
        self.after.setdefault(verb, []).append(task)

    def check(self) -> list[str]:
        """Promises that only hold once everything is loaded: templates, models, policies, verbs.

        Returns a sentence for each one broken.
        """
        from importlib import import_module

        from django.apps import apps

        broken = []
        for kind in self.kinds.values():
            try:
                apps.get_model(kind.model)
            except LookupError:
                broken.append(f"Kind {kind.name}: there is no model {kind.model}.")
            if kind.policies:
                try:
                    import_module(kind.policies)
                except ImportError:
                    broken.append(f"Kind {kind.name}: there is no module {kind.policies}.")
            if kind.in_feed and not (kind.part and kind.children):
                broken.append(f"Kind {kind.name}: a kind of the feed needs a part and children.")
        for verb in self.verbs.values():
            if verb.recipients is not None and verb.attention not in CLASSES:
                classes = ", ".join(CLASSES)
                broken.append(f"Verb {verb.name}: of which class are its notices? {classes}")
        for verb in self.after:
            if verb not in self.verbs:
                broken.append(f"A task follows {verb!r}, which no app registers.")
        return broken

    def kind(self, name: str) -> Kind:
        """The kind of a stored name; a plain one for a name that no app brings any more."""
        return self.kinds.get(name) or Kind(
            name=name, model="", label=name, icon="file-text", hue="talk", in_feed=False
        )

    def feed_kinds(self) -> list[str]:
        return [kind.name for kind in self.kinds.values() if kind.in_feed]

    def ordered(self, shelf: str) -> list[Any]:
        return sorted(getattr(self, shelf).values(), key=lambda entry: (entry.order, entry.name))


registry = Registry()
