"""What a group agreed with itself: written by stewards, kept in versions, read inside."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import Notice, Ring
from community.policies import Refused
from groups import waiting
from groups.models import Charter
from groups.operations import charters
from tests import factories


def test_versions_follow_each_other_and_stay_readable(north, ada, ben, as_):
    group = north.group
    page = f"/groups/{north.slug}/about/charter/"
    first = {"purpose": "Warm homes", "norms": "- Start at **seven**"}
    assert as_(ada).post(page, first).status_code == 302
    assert as_(ada).post(page, first | {"norms": "- Start at eight"}).status_code == 302
    assert [c.version for c in group.charters.all()] == [2, 1]
    about = as_(ben).get(f"/groups/{north.slug}/about/").content.decode()
    assert "Start at eight" in about
    assert "<strong>seven</strong>" not in about
    old = as_(ben).get(f"/groups/{north.slug}/about/charter/1/").content.decode()
    assert "<strong>seven</strong>" in old
    assert "older version" in old


def test_a_charter_says_what_the_group_is_for(north, ada, as_):
    page = f"/groups/{north.slug}/about/charter/"
    assert as_(ada).post(page, {"purpose": "", "norms": "x"}).status_code == 422


def test_nothing_changed_is_no_new_version(north, ada):
    charters.adopt_charter(north.group, by=ada, purpose="Warm homes")
    with pytest.raises(Refused):
        charters.adopt_charter(north.group, by=ada, purpose="Warm homes")
    assert Charter.objects.count() == 1


def test_only_stewards_write_it(north, ben, cleo, ruth, as_):
    page = f"/groups/{north.slug}/about/charter/"
    for person in (ben, cleo, ruth):
        assert as_(person).get(page).status_code == 403
        assert as_(person).post(page, {"purpose": "Mine"}).status_code == 403
    assert not Charter.objects.exists()


def test_its_people_are_told(north, ada, ben, fay, committed):
    with committed():
        charters.adopt_charter(north.group, by=ada, purpose="Warm homes")
    told = Notice.objects.filter(activity__verb="groups.charter_adopted")
    assert [notice.member for notice in told] == [ben]


def test_the_charter_of_a_closed_group_stays_inside(ada, ben, cleo, as_):
    space = factories.make_space("Mill", steward=ada, openness="closed")
    ada.forget()
    charters.adopt_charter(space.group, by=ada, purpose="Our secret purpose")
    for path in ("", "about/", "ask/"):
        assert (
            "Our secret purpose"
            not in as_(cleo).get(f"/groups/{space.slug}/{path}").content.decode()
        )
    assert as_(cleo).get(f"/groups/{space.slug}/about/charter/1/").status_code == 403


def test_what_is_written_is_cleaned(north, ada, ben, as_):
    charters.adopt_charter(
        north.group, by=ada, purpose="<script>alert(1)</script> [x](javascript:1)"
    )
    about = as_(ben).get(f"/groups/{north.slug}/about/").content.decode()
    assert "<script>alert" not in about
    assert "javascript:1" not in about.replace("javascript:1)", "")


def test_a_charter_asks_to_be_looked_at_again_when_its_day_has_come(north, ada):
    group = north.group
    factories.belong(factories.make_member(), north, ring=Ring.STEWARD)
    ada.forget()
    today = timezone.localdate()
    charters.adopt_charter(group, by=ada, purpose="Warmth.", review_on=today + timedelta(days=1))
    assert not [card for card in waiting.care(ada) if "charter" in str(card.title)]
    charters.adopt_charter(group, by=ada, purpose="Warmth.", review_on=today)
    assert [card for card in waiting.care(ada) if "charter" in str(card.title)]
    charters.adopt_charter(group, by=ada, purpose="Warmth.", review_on=today + timedelta(days=90))
    assert not [card for card in waiting.care(ada) if "charter" in str(card.title)]


def test_it_is_written_in_the_editor_and_nobody_needs_to_know_its_signs(north, ada, as_):
    page = as_(ada).get(f"/groups/{north.slug}/about/charter/").content.decode()
    for name in ("purpose", "who_we_are", "norms", "conflict_step"):
        assert re.search(rf'<tq-editor(?:(?!</tq-editor>).)*name="{name}"', page, re.S), name
    assert page.count("<tq-editor") == 4
    assert "beginning with a dash" not in page
