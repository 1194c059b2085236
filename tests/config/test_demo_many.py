"""Many rows, to measure: as many as was asked for, and none that contradicts another."""

from __future__ import annotations

import pytest
from django.db.models import Count, Exists, F, OuterRef

from community.models import Comment, Item, Member, Membership, Ring, Space
from config.demo import many
from groups.models import Topic


@pytest.mark.django_db
def test_the_data_set_of_the_peers_has_their_numbers() -> None:
    many.fill("peers", items=None, say=lambda line: None)
    assert Member.objects.count() == 200
    assert Topic.objects.count() == 200
    assert Item.objects.count() == 5000
    assert Membership.objects.filter(ring=Ring.STEWARD).values("space").distinct().count() == 6


@pytest.mark.django_db(transaction=True)
def test_many_rows_agree_with_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many.large, "PEOPLE", 300)
    monkeypatch.setattr(many.large, "GROUPS", 20)
    many.fill("large", items=1050, say=lambda line: None)
    assert Item.objects.count() == 1000
    assert Topic.objects.count() == 100
    topics = Topic.objects.annotate(n=Count("comments"))
    assert not topics.exclude(n=F("comment_count")).exists()
    assert not Comment.objects.exclude(space=F("item__space")).exists()
    belongs = Membership.objects.filter(
        space=OuterRef("space"), member=OuterRef("author"), ring__gte=Ring.PARTICIPANT
    )
    assert not Item.objects.filter(~Exists(belongs)).exists()
    miscounted = Space.objects.annotate(n=Count("membership")).exclude(n=F("member_count"))
    assert not miscounted.exists()
    assert Item.objects.create(kind="x", space=Space.objects.root()).pk == 1001
