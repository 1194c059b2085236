"""The registry refuses what would break a page; what the apps registered keeps its word."""

from __future__ import annotations

import ast
from dataclasses import replace
from importlib import import_module

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from community import drawn, feed
from community.models import Item
from community.registry import Kind, Place, Registry, RegistryError, Verb, registry
from tests import factories
from tests.shape.sources import APPS, ROOT, calls, here, in_role, modules


def a_kind(name: str = "polls.poll", **fields) -> Kind:
    promised = {"model": "community.Comment", "label": "Poll", "icon": "vote", "hue": "decide"}
    return Kind(name=name, **promised | {"in_feed": False} | fields)


@pytest.fixture
def lists() -> Registry:
    return Registry()


def test_a_name_is_registered_once(lists):
    lists.add(a_kind())
    with pytest.raises(RegistryError, match="registered twice"):
        lists.add(a_kind())
    lists.add(Verb(name="polls.closed", sentence="…"))
    with pytest.raises(RegistryError, match="registered twice"):
        lists.add(Verb(name="polls.closed", sentence="…"))
    lists.add(Place(name="polls", label="…", icon="vote", url_name="today"))
    with pytest.raises(RegistryError, match="registered twice"):
        lists.add(Place(name="polls", label="…", icon="vote", url_name="today"))


@pytest.mark.parametrize("name", ["poll", "polls.poll.closed", ""])
def test_a_name_reads_like_app_and_thing(lists, name):
    with pytest.raises(RegistryError, match=r"app\.thing"):
        lists.add(a_kind(name))
    with pytest.raises(RegistryError, match=r"app\.thing"):
        lists.add(Verb(name=name, sentence="…"))


def test_only_what_the_registry_knows_is_added(lists):
    with pytest.raises(RegistryError, match="nothing the registry knows"):
        lists.add("polls.poll")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"model": "polls.Nothing"}, "there is no model polls.Nothing"),
        ({"policies": "polls.nothing"}, "there is no module polls.nothing"),
        ({"in_feed": True}, "needs a part and children"),
    ],
)
def test_a_broken_promise_is_named(lists, fields, sentence):
    lists.add(a_kind(**fields))
    (broken,) = lists.check()
    assert sentence in broken


def test_a_task_follows_only_a_verb_that_exists(lists):
    lists.follow("polls.closed", "polls.tasks.count")
    assert lists.check() == ["A task follows 'polls.closed', which no app registers."]


def test_a_stored_name_that_no_app_brings_falls_back_to_a_plain_card(lists):
    plain = lists.kind("gone.thing")
    assert (plain.label, plain.in_feed, plain.part) == ("gone.thing", False, None)


# What is registered now


def test_the_registry_of_this_site_keeps_its_promises():
    assert registry.check() == []


def test_every_model_of_an_item_has_a_kind_and_the_other_way_round():
    children = {
        model._meta.label
        for model in apps.get_models()
        if issubclass(model, Item) and model is not Item
    }
    assert children == {kind.model for kind in registry.kinds.values()}


@pytest.mark.parametrize("name", sorted(registry.kinds))
def test_a_kind_keeps_its_promises(name):
    kind = registry.kinds[name]
    model = apps.get_model(kind.model)
    assert issubclass(model, Item)
    assert callable(model.get_absolute_url)
    assert str(kind.label)
    assert kind.hue in {"talk", "event", "act", "decide", "idea", "learn", "guide", "people"}
    for field in kind.personal:
        model._meta.get_field(field)
    if kind.text:
        assert kind.text(model()) is not None
    if kind.policies:
        rules = import_module(kind.policies)
        assert any(word.startswith("can_") for word in vars(rules))
    if kind.children:
        assert isinstance(model.objects.none(), models.QuerySet)


WORDS = {"actor": "Ada", "title": "Heat", "space": "North", "name": "Ben", "ring": 2}
"""What ``feed.record`` and the sentence's reader give to every verb."""
OWN_WORDS = {
    "community.many_joins": {"number": 40},
    "topics.merged": {"merged": "Heating"},
}
"""What a verb's own recorder adds to it."""


@pytest.mark.parametrize("name", sorted(registry.verbs))
def test_a_verb_keeps_its_promises(name):
    verb = registry.verbs[name]
    assert str(verb.sentence) % (WORDS | OWN_WORDS.get(name, {}))
    assert verb.icon in _icons()
    if verb.recipients:
        assert callable(verb.recipients)


def test_every_icon_that_is_registered_is_drawn():
    named = {
        entry.icon
        for shelf in (
            registry.kinds,
            registry.verbs,
            registry.tabs,
            registry.places,
            registry.desk,
        )
        for entry in shelf.values()
    }
    assert named - _icons() == set()


def _icons() -> set[str]:
    import re

    from tests.shape.sources import ROOT

    sprite = (ROOT / "static" / "img" / "icons.svg").read_text()
    return set(re.findall(r'<symbol[^>]*\bid="(?:i-)?([\w-]+)"', sprite))


def test_every_place_and_tab_has_an_address():
    for place in registry.places.values():
        assert reverse(place.url_name)
    for tab in registry.tabs.values():
        assert reverse(tab.url_name, args=["a-group"])
    for place in registry.desk.values():
        assert reverse(place.url_name)


def test_every_recorded_verb_is_registered():
    """``feed.record`` raises on an unknown verb; better now than when somebody clicks."""
    from tests.shape.sources import calls, here, modules

    unknown = []
    for path in modules():
        for call in calls(path):
            if ast.unparse(call.func) in ("feed.record", "record") and call.args:
                first = call.args[0]
                if isinstance(first, ast.Constant) and first.value not in registry.verbs:
                    unknown.append(f"{here(path, call)}: {first.value}")
    assert unknown == []


# Cards


CARD_MAKERS = {
    "groups.topic": factories.make_topic,
    "community.announcement": lambda space, **said: factories.announce(space, **said).announcement,
}


@pytest.mark.parametrize("name", sorted(n for n, kind in registry.kinds.items() if kind.part))
@pytest.mark.parametrize("reader", ["ben", "guest"])
def test_a_card_asks_the_database_nothing(name, reader, north, ada, ben, queries, request):
    """Everything it shows was loaded with the list: its author, space, pictures and voices."""
    assert name in CARD_MAKERS, "Say here how a test makes one of this kind."
    for _ in range(3):
        item = CARD_MAKERS[name](north, by=ada, text="Hello @ben-castillo, shall we?")
        factories.make_comment(item, by=ben)
    assert len(feed.for_member(ben).cards) == 3
    member = request.getfixturevalue(reader)
    cards = [replace(card, reader=member) for card in feed.for_member(ben).cards]
    for card in cards:
        drawn.draw(card.part)
    drawn.forget()
    for card in cards:
        with queries() as asked:
            html = drawn.draw(card.part)
        assert [query["sql"] for query in asked.captured_queries] == []
        assert card.row.title in html


# Acts of the audit log


def _acts(app: str) -> dict[str, str]:
    """{name: where} of the acts that the sources of an app register."""
    return {
        call.args[0].value: here(path, call)
        for path in modules(app)
        for call in calls(path)
        if ast.unparse(call.func) == "Act" and isinstance(call.args[0], ast.Constant)
    }


def _recorded(app: str) -> dict[str, str]:
    """{name: where} of the acts that an app writes down by their names."""
    return {
        call.args[0].value: here(path, call)
        for path in modules(app)
        for call in calls(path)
        if ast.unparse(call.func) == "audit.record" and isinstance(call.args[0], ast.Constant)
    }


def test_an_act_is_registered_by_the_app_that_does_it():
    """Also the core names no act of another app; the operator's commands do acts of the core."""
    for app in APPS:
        wrong = [where for name, where in _recorded(app).items() if name not in _acts(app)]
        assert wrong == [], f"{app} writes acts down that it does not register"
    assert [where for name, where in _recorded("config").items() if name not in _acts("community")
            ] == []  # fmt: skip


def test_every_act_that_is_registered_is_done_by_its_app():
    for app in APPS:
        doing = [path for path in in_role("operations") if path.is_relative_to(ROOT / app)]
        said = "".join(path.read_text() for path in (*doing, *modules("config")))
        idle = [where for name, where in _acts(app).items() if f'"{name}"' not in said]
        assert idle == [], f"{app} registers acts that it never does"


def test_the_words_of_all_acts_are_in_the_sources_of_the_apps():
    assert set(registry.acts) == {name for app in APPS for name in _acts(app)}
