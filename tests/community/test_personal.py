"""Every row about a person is declared: why it is held, how long, how it goes out and away."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import DateTimeField
from django.urls import reverse

from community import bases, personal
from community.personal import Holding, Undeclared


def a_holding(**changed) -> Holding:
    said = {
        "model": "community.Bookmark",
        "people": ("member",),
        "label": "What you saved",
        "purpose": "So that you find it again.",
        "kept_words": "until you take it back",
        "export": ("created_at",),
        "erase": "delete",
    }
    return Holding(**said | changed)


@pytest.fixture
def an_empty_list(monkeypatch):
    monkeypatch.setattr(personal, "_holdings", {})


def test_every_key_to_a_person_is_named_by_a_holding():
    assert personal.undeclared() == []


def test_a_key_that_nobody_declares_is_told(monkeypatch):
    kept = {name: one for name, one in personal._holdings.items() if one.model != "community.Draft"}
    monkeypatch.setattr(personal, "_holdings", kept)
    assert personal.undeclared() == [
        "community.Draft.member points at a person and no holding names it."
    ]


def test_a_key_to_what_stands_for_a_person_is_told(monkeypatch):
    kept = dict(personal._holdings)
    del kept["account.EmailConfirmation.email_address__user"]
    monkeypatch.setattr(personal, "_holdings", kept)
    assert personal.undeclared() == [
        "account.EmailConfirmation.email_address points at a person and no holding names it."
    ]


def test_a_path_that_leads_to_nobody_is_told(monkeypatch):
    wrong = a_holding(people=("item",), since="nowhere")
    monkeypatch.setattr(personal, "_holdings", {**personal._holdings, "wrong": wrong})
    assert personal.undeclared() == [
        "community.Bookmark.item: item leads to nobody.",
        "community.Bookmark.item: there is no column nowhere.",
    ]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"people": ()}, "say who the people are"),
        ({"purpose": ""}, "say in words"),
        ({"label": ""}, "say in words"),
        ({"shelf": "cellar"}, "there is no shelf 'cellar'"),
        ({"kept_words": ""}, "say how long"),
        ({"kept": timedelta(days=3)}, "say since when"),
        ({"basis": "because"}, "there is no basis 'because'"),
        ({"basis": "consent"}, "say when a yes was given"),
        ({"consent": ("created_at", "bookmarks")}, "say when a yes was given"),
        ({"export": None}, "say why it is not handed out"),
        ({"erase": "burn"}, "'burn' is no way to erase"),
        ({"erase": "keep"}, "say why it is kept"),
        ({"erase": "unlink", "people": ("item__author",)}, "only a key of the table itself"),
    ],
)
def test_a_holding_that_says_too_little_is_refused(an_empty_list, changed, sentence):
    with pytest.raises(Undeclared, match=sentence):
        personal.declare(replace(a_holding(), **changed))


def test_a_relation_is_declared_once(an_empty_list):
    personal.declare(a_holding())
    with pytest.raises(Undeclared, match="declared twice"):
        personal.declare(a_holding())


def test_every_holding_rests_on_a_law_and_each_shelf_on_one():
    assert set(bases.OF_SHELF) == set(personal.SHELVES)
    assert set(bases.OF_SHELF.values()) <= set(bases.BASES)
    resting = {one.basis_name for one in personal.holdings()}
    assert resting == set(bases.BASES)  # none is only said
    for one in bases.BASES.values():
        assert re.fullmatch(r"6\(1\)\([a-f]\)", one.article_6), one
        assert re.fullmatch(r"9\(2\)\([a-j]\)", one.article_9), one


def test_what_rests_on_a_yes_says_when_it_was_given_and_where_it_is_taken_back():
    with_yes = [one for one in personal.holdings() if one.basis_name == bases.CONSENT]
    assert len(with_yes) >= 2
    for one in with_yes:
        column, address = one.consent
        assert isinstance(one.table._meta.get_field(column), DateTimeField), one.name
        assert reverse(address)
        assert one.erase == "delete"
        assert one.at_once


def test_a_yes_without_its_time_is_told(monkeypatch):
    wrong = a_holding(basis="consent", consent=("nowhere", "bookmarks"))
    monkeypatch.setattr(personal, "_holdings", {**personal._holdings, "wrong": wrong})
    assert personal.undeclared() == [
        "community.Bookmark.member: nothing says when the yes was given."
    ]


def test_links_of_holdings_lead_somewhere():
    for one in personal.holdings():
        if one.link:
            assert reverse(one.link)


@pytest.mark.django_db
def test_every_holding_can_be_counted_and_handed_out(ada):
    for one in personal.holdings():
        assert one.of(ada).count() >= 0, one.name
        assert isinstance(list(one.exported(ada)), list), one.name


@pytest.mark.django_db
def test_what_is_unlinked_may_stand_without_a_person():
    for one in personal.holdings():
        if one.erase == "unlink":
            for path in one.people:
                assert one.table._meta.get_field(path).null, one.name
