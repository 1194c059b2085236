"""Whoever leaves is gone at once, and after half a year, or when they ask, nothing is left."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from community import audience, mail, personal, tombstones
from community.models import (
    AuditEntry,
    Comment,
    Erased,
    Item,
    JoinRequest,
    Leaving,
    LegalHold,
    Member,
    Membership,
    MembershipEvent,
    Mention,
    Notice,
    OutboxMail,
    Reaction,
    Ring,
    Space,
    StaffRole,
)
from community.operations import leaving, membership, reading
from community.policies import Refused
from groups.models import Topic
from tests import factories
from tests.community.everything import make_everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_shelves")]


@pytest.fixture(autouse=True)
def erased_list(settings, tmp_path) -> Path:
    settings.ERASED_LIST = tmp_path.parent / f"{tmp_path.name}.erased"
    return settings.ERASED_LIST


@pytest.fixture
def lead(community) -> Member:
    return factories.make_member("Dana Lead", staff=StaffRole.Role.DATA_PROTECTION)


@pytest.fixture
def go(committed):
    """Leave, and let the worker do what follows."""

    def leave(member: Member, words: str = "stay") -> Leaving:
        with committed():
            leaving.leave_community(member, words=words, by=member)
        return Leaving.objects.get(member=member)

    return leave


def proved(client, member: Member):
    """A client that has just proved who it is."""
    client.force_login(member)
    factories.prove(client, member)
    return client


# At once


def test_who_left_is_not_found_counted_or_written_to(ben, ada, north, as_, go):
    """Scenario 14: five minutes later not findable, not counted, not messaged."""
    before = north.member_count
    topic = factories.make_topic(north, by=ada)
    reading.follow(topic, volume="all", by=ben)
    OutboxMail.objects.create(to=ben.email, subject="Waits", body_text="Come along")
    go(ben)
    north.refresh_from_db()
    assert north.member_count == before - 1
    assert not Membership.objects.filter(member=ben).exists()
    assert as_(ada).get(reverse("person", args=[ben.pk])).status_code == 404
    assert b"Ben Castillo" not in as_(ada).get(reverse("people")).content
    assert not Member.objects.visible_to(ada).filter(pk=ben.pk).exists()
    assert not audience.readers(topic).filter(pk=ben.pk).exists()
    assert (
        ben.handle
        not in as_(ada).get(reverse("mentions"), {"q": "ben", "item": topic.pk}).content.decode()
    )
    said = factories.make_comment(topic, by=ada, text="Hello @ben-castillo")
    assert not Mention.objects.filter(item=said).exists()
    assert not Notice.objects.filter(member=ben).exists()
    assert not OutboxMail.objects.filter(to=ben.email).exists()
    mail.send("spaces.accepted", to="ben-castillo@example.org", space=north, actor=ada, asked=None)
    assert OutboxMail.objects.get().to == "ben-castillo@example.org"  # an address like any other


def test_every_session_ends_at_once(ben, as_, client, go):
    phone, laptop = as_(ben), as_(ben)
    for device in (phone, laptop):
        assert device.get("/me/").status_code == 200
    assert Session.objects.count() == 2
    go(ben)
    for device in (phone, laptop):
        assert device.get("/me/").status_code == 302
    assert Session.objects.count() == 0


def test_the_address_is_free_again(ben, go):
    address = ben.email
    go(ben)
    assert not EmailAddress.objects.filter(email=address).exists()
    again = factories.make_member("Ben Again", email=address, handle="ben-again")
    assert again.pk != ben.pk


def test_what_waits_for_them_is_withdrawn(ben, ada, go):
    asked = factories.make_space("Asked", steward=ada, join_policy=Space.JoinPolicy.ASK)
    membership.ask_to_join(asked, by=ben)
    go(ben)
    assert JoinRequest.objects.get(member=ben).state == "withdrawn"


def test_leaving_twice_is_leaving_once(ben, go):
    first = go(ben)
    assert go(Member.objects.get(pk=ben.pk)).left_at == first.left_at
    assert MembershipEvent.objects.filter(member=ben, what="left").count() == 2


def test_somebody_else_cannot_leave_for_them(ben, ada):
    with pytest.raises(Refused, match="Only the person"):
        leaving.leave_community(ben, words="go", by=ada)


def test_the_last_steward_hands_over_first(ada, ben, north, as_, go):
    with pytest.raises(Refused, match="only steward of North Side"):
        go(ada)
    page = as_(ada).get(reverse("leave"))
    assert "Hand over first" in page.content.decode()
    Membership.objects.filter(space=north, member=ben).update(ring=Ring.STEWARD)
    go(ada)
    assert not Member.objects.get(pk=ada.pk).is_active


def test_the_last_administrator_hands_over_first(community, go):
    only = factories.make_member("Only Admin", staff=StaffRole.Role.ADMIN)
    with pytest.raises(Refused, match="only administrator"):
        go(only)
    factories.make_member("Second Admin", staff=StaffRole.Role.ADMIN)
    go(only)
    assert not StaffRole.objects.filter(member=only).exists()


# What becomes of their words


def test_words_that_stay_are_those_of_a_former_member(ben, ada, north, as_, go):
    topic = factories.make_topic(north, by=ben, title="Boilers", text="Mine is cold.")
    answer = factories.make_comment(topic, by=ben, text="Still cold.")
    go(ben, "stay")
    assert Topic.objects.get(pk=topic.pk).author is None
    assert Comment.objects.get(pk=answer.pk).text == "Still cold."
    page = as_(ada).get(topic.get_absolute_url()).content.decode()
    assert "Former member" in page
    assert "Still cold." in page
    assert "Ben Castillo" not in page


def test_words_that_go_leave_the_answers_of_others(ben, ada, north, as_, go):
    topic = factories.make_topic(north, by=ben, title="Boilers", text="Mine is cold.")
    alone = factories.make_topic(north, by=ben, title="Windows", text="Mine leak.")
    factories.make_comment(topic, by=ada, text="Mine too.")
    others = factories.make_topic(north, by=ada, title="Doors", text="Mine creak.")
    factories.make_comment(others, by=ben, text="Oil them.")
    go(ben, "go")
    assert not Item.objects.filter(pk=alone.pk).exists()
    emptied = Topic.objects.get(pk=topic.pk)
    assert (emptied.text, emptied.html, emptied.author) == ("", "", None)
    assert "Boilers" not in emptied.title
    page = as_(ada).get(topic.get_absolute_url()).content.decode()
    assert "Mine too." in page
    assert "Taken away by its author, who left" in page
    others.refresh_from_db()
    assert others.comment_count == 0


def test_answers_out_of_sight_are_not_counted_after_words_went(ben, ada, north, go):
    topic = factories.make_topic(north, by=ada)
    factories.make_comment(topic, by=ben, text="Oil them.")
    hidden = factories.make_comment(topic, by=ada, text="Number 4, with the red door.")
    factories.make_comment(topic, by=ada, text="They creak again.")
    Item.objects.filter(pk=hidden.pk).update(hidden_at=timezone.now())
    go(ben, "go")
    topic.refresh_from_db()
    assert topic.comment_count == 1


def test_reactions_are_taken_back_and_counted_anew(ben, ada, north, go):
    topic = factories.make_topic(north, by=ada)
    reading.react(topic, emoji="🎉", by=ben)
    reading.react(topic, emoji="🎉", by=ada)
    go(ben)
    topic.refresh_from_db()
    assert topic.reaction_counts == {"🎉": 1}
    assert Reaction.objects.filter(item=topic).count() == 1


def test_where_others_named_them_it_says_former_member(ben, ada, north, as_, go):
    topic = factories.make_topic(north, by=ada, text="Ask @ben-castillo, not @ben-castillo-2.")
    assert f"/people/{ben.pk}/" in topic.html
    go(ben)
    topic.refresh_from_db()
    assert topic.text == "Ask @former-member, not @ben-castillo-2."
    assert f"/people/{ben.pk}/" not in topic.html
    assert not Mention.objects.filter(member=ben).exists()


def test_a_former_member_is_nobodys_name(ben):
    from community.operations import people

    with pytest.raises(Refused):
        people.change_handle(ben, by=ben, handle="former-member")


# Nothing is left


def everything_stored() -> str:
    """Every row of every table, as a dump holds it."""
    rows = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                rows += [f"{table}: {bytes(row).decode()}" for row in copy]
    return "".join(rows)


def everything_in_valkey() -> str:
    said = []
    place = settings.CACHES["default"]["LOCATION"]
    for number in range(16):
        of_number = r"\g<1>" + str(number)
        address = re.sub(r"(db=)\d+$" if "db=" in place else r"(/)\d+$", of_number, place)
        store = redis.Redis.from_url(address)
        said += [f"{key!r} {store.dump(key)!r}" for key in store.scan_iter()]
    return "\n".join(said)


def everything_on_disk(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return "".join(f"{path.name} {path.read_bytes().decode('latin-1')}" for path in files)


def hits(words: dict[str, str], text: str) -> list[str]:
    lines = text.lower().splitlines()
    return [
        f"{where}: {line[:160]}"
        for word, where in words.items()
        for line in lines
        if word.lower() in line
    ]


@pytest.mark.parametrize("words", ["stay", "go"])
def test_after_erasure_nothing_of_them_is_left(
    community, lead, words, client, as_, committed, settings, caplog, erased_list
):
    """Database, folder of uploads, Valkey and log hold none of their words or names."""
    caplog.set_level(logging.INFO)
    found = make_everything()
    member = found.member
    factories.make_export(member)
    mine = as_(member)
    for page in ("/", "/me/", "/me/record/", found.things["topic"].get_absolute_url()):
        assert mine.get(page).status_code == 200
    as_(found.other).get(found.things["topic"].get_absolute_url())
    kept = (
        {}
        if words == "go"
        else {
            w: at
            for w, at in found.own.items()
            if "own" in at or "answer to another" in at or "topic that" in at or "file" in at
        }
    )
    gone = {w: at for w, at in found.own.items() if w not in kept}
    folder = Path(settings.MEDIA_ROOT)
    assert hits(gone, everything_stored())
    LegalHold.objects.update(lifted_at=timezone.now())
    Leaving.objects.all().delete()
    with committed():
        leaving.leave_community(member, words=words, by=member)
    Leaving.objects.filter(member=member).update(erase_at=timezone.now())
    assert leaving.erase_due() == 1
    assert hits(gone, everything_stored()) == []
    assert hits(gone, everything_on_disk(folder)) == []
    assert hits(gone, everything_in_valkey()) == []
    assert hits(gone, caplog.text) == []
    assert hits(found.own, erased_list.read_text()) == []
    stored = everything_stored()
    for word, where in found.foreign.items():
        if where != "blocked person":
            assert word in stored, f"{where} is not theirs to take away"
    for holding in personal.holdings():
        if holding.erase != "keep" and holding.model != "community.Member":
            assert not holding.of(member).exists(), holding.name


def test_what_stays_of_an_erased_person_is_an_empty_row(ben, go):
    left = go(ben)
    leaving.erase(left)
    row = Member.objects.get(pk=ben.pk)
    assert (row.name, row.handle, row.is_active) == ("", None, False)
    assert row.email == f"erased-{ben.pk}@invalid.invalid"
    assert not row.has_usable_password()
    assert row.last_seen_on is None
    assert AuditEntry.objects.filter(action="rights.erased", person_id=ben.pk).exists()


def test_what_is_left_goes_after_half_a_year_and_not_before(ben, go):
    left = go(ben)
    assert left.erase_at - left.left_at == personal.AFTER_LEAVING
    assert leaving.erase_due() == 0
    assert Member.objects.get(pk=ben.pk).name == "Ben Castillo"
    assert MembershipEvent.objects.filter(member=ben).exists()
    Leaving.objects.filter(pk=left.pk).update(erase_at=timezone.now() - timedelta(minutes=1))
    assert leaving.erase_due() == 1
    assert Member.objects.get(pk=ben.pk).name == ""
    assert not MembershipEvent.objects.filter(member=ben).exists()
    assert leaving.erase_due() == 0


def test_a_worker_that_died_halfway_is_followed_by_the_clock(ben, north, monkeypatch):
    factories.make_topic(north, by=ben)
    leaving.leave_community(ben, words="stay", by=ben)  # the bell was lost
    from community import erasing

    with monkeypatch.context() as broken:
        broken.setattr(erasing, "_written_by", lambda member: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            leaving.clear_left()
    assert Leaving.objects.get(member=ben).cleared_at is None
    assert leaving.clear_left() == 1
    assert not Item.objects.filter(author=ben).exists()
    assert leaving.clear_left() == 0


# Holds


def test_a_hold_keeps_everything_and_still_ends_access(ben, north, lead, as_, go):
    topic = factories.make_topic(north, by=ben, text="Evidence")
    hold = leaving.place_hold(ben, by=lead, reason="A court asked for it.")
    left = go(ben, "go")
    assert not Member.objects.get(pk=ben.pk).is_active
    assert left.cleared_at is None
    Leaving.objects.filter(pk=left.pk).update(erase_at=timezone.now())
    assert leaving.erase_due() == 0
    assert Topic.objects.get(pk=topic.pk).text == "Evidence"
    leaving.lift_hold(hold, by=lead, reason="The case is closed.")
    assert leaving.clear_left() == 1
    assert leaving.erase_due() == 1
    assert not Item.objects.filter(pk=topic.pk).exists()
    acts = AuditEntry.objects.filter(person_id=ben.pk).values_list("action", flat=True)
    assert {"rights.hold_placed", "rights.hold_lifted"} <= set(acts)


def test_only_the_lead_holds_and_gives_a_reason(ben, ada, mo, lead):
    for somebody in (ada, mo, ben):
        with pytest.raises(Refused):
            leaving.place_hold(ben, by=somebody, reason="Because")
    with pytest.raises(Refused, match="which law"):
        leaving.place_hold(ben, by=lead, reason=" ")
    with pytest.raises(Refused, match="Somebody else"):
        leaving.place_hold(lead, by=lead, reason="Because")
    leaving.place_hold(ben, by=lead, reason="A court asked for it.")
    with pytest.raises(Refused, match="already"):
        leaving.place_hold(ben, by=lead, reason="Once more")
    assert LegalHold.objects.count() == 1


def test_the_lead_lets_somebody_be_erased_at_once(ben, lead, ada, committed):
    with pytest.raises(Refused):
        leaving.erase_now(ben, by=ada, reason="They asked")
    with pytest.raises(Refused, match="audit log"):
        leaving.erase_now(ben, by=lead, reason="")
    with committed():
        leaving.erase_now(ben, by=lead, reason="They asked for it in person.")
    assert Member.objects.get(pk=ben.pk).name == ""
    assert Leaving.objects.get(member=ben).erased_at is not None


def test_nobody_is_erased_at_once_while_a_hold_stands(ben, lead):
    leaving.place_hold(ben, by=lead, reason="A court asked for it.")
    with pytest.raises(Refused, match="hold stands"):
        leaving.erase_now(ben, by=lead, reason="They asked")
    assert Member.objects.get(pk=ben.pk).is_active


# After a restore


def test_a_restored_person_is_erased_again(ben, north, go, erased_list):
    topic = factories.make_topic(north, by=ben, text="Mine is cold.")
    backup = Member.objects.filter(pk=ben.pk).values().get()
    left = go(ben, "go")
    leaving.erase(left)
    assert len(erased_list.read_text().splitlines()) >= 1
    tombstones.write_list()
    _as_it_was(backup, topic)
    assert leaving.erase_again() == 1
    assert Member.objects.get(pk=ben.pk).name == ""
    assert not Item.objects.filter(pk=topic.pk).exists()
    assert leaving.erase_again() == 0


def test_a_restored_person_who_left_leaves_again(ben, north, go, erased_list):
    topic = factories.make_topic(north, by=ben, text="Mine is cold.")
    backup = Member.objects.filter(pk=ben.pk).values().get()
    go(ben, "stay")
    _as_it_was(backup, topic)
    assert leaving.erase_again() == 1
    row = Member.objects.get(pk=ben.pk)
    assert (row.is_active, row.name) == (False, "Ben Castillo")
    assert Topic.objects.get(pk=topic.pk).author is None


def test_somebody_new_in_an_old_number_is_let_be(ben, go, erased_list):
    backup = Member.objects.filter(pk=ben.pk).values().get()
    leaving.erase(go(ben))
    tombstones.write_list()
    _as_it_was(backup | {"joined_at": timezone.now()}, None)
    assert leaving.erase_again() == 0
    assert Member.objects.get(pk=ben.pk).name == "Ben Castillo"


def test_the_list_names_nobody_and_survives_a_torn_line(ben, go, erased_list):
    go(ben)
    said = erased_list.read_text()
    assert "Ben" not in said
    assert "example.org" not in said
    assert erased_list.stat().st_mode & 0o777 == 0o600
    with open(erased_list, "a") as file:
        file.write("torn")
    Erased.objects.all().delete()
    assert tombstones.read_list() == 1
    assert tombstones.write_list() == 0


def _as_it_was(backup: dict, topic) -> None:
    """The database of before: the person and their words are back, what came after is not."""
    Erased.objects.all().delete()
    Leaving.objects.all().delete()
    Member.objects.filter(pk=backup["id"]).update(
        **{name: value for name, value in backup.items() if name not in ("id", "avatar_id")}
    )
    member = Member.objects.get(pk=backup["id"])
    factories.belong(member, Space.objects.root())
    if topic is not None:
        again = Topic.objects.filter(pk=topic.pk).first()
        if again is None:
            Topic(pk=topic.pk, kind=Topic.KIND, space=topic.space, author=member, text="x").save()
        else:
            Item.objects.filter(pk=topic.pk).update(author=member)


# The pages


def test_leaving_by_the_page(ben, north, client):
    client = proved(client, ben)
    page = client.get(reverse("leave")).content.decode()
    assert "What I wrote stays, without my name" in page
    refused = client.post(reverse("leave"), {"words": "stay"})
    assert refused.status_code == 422
    answer = client.post(reverse("leave"), {"words": "stay", "sure": "on"})
    assert answer["Location"] == reverse("left")
    assert not Member.objects.get(pk=ben.pk).is_active
    assert client.get(reverse("me")).status_code == 302
    assert client.get(reverse("left")).status_code == 200


def test_leaving_asks_who_it_is(ben, as_):
    answer = as_(ben).post(reverse("leave"), {"words": "go", "sure": "on"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert Member.objects.get(pk=ben.pk).is_active


def test_a_hold_that_comes_while_others_are_erased_counts(ada, ben, fay, lead, go, monkeypatch):
    """The list of those who are due is made once; each is asked about again."""
    for member in (ben, fay):
        go(member)
    Leaving.objects.update(erase_at=timezone.now() - timedelta(days=1))
    first, second = Leaving.objects.order_by("erase_at", "pk").select_related("member")
    erased = leaving.erase

    def while_a_hold_is_placed(left):
        other = second if left.pk == first.pk else first
        leaving.place_hold(other.member, by=lead, reason="A court asked for it.")
        erased(left)

    monkeypatch.setattr(leaving, "erase", while_a_hold_is_placed)
    assert leaving.erase_due() == 1
    assert Leaving.objects.filter(erased_at=None).count() == 1


def test_an_older_copy_of_the_list_unsays_nothing(ben, go, erased_list):
    go(ben)
    tombstones.write_list()
    older = erased_list.read_text()
    with transaction.atomic():
        tombstones.note(Member.objects.get(pk=ben.pk), tombstones.ERASED)
    erased_list.write_text(older)
    tombstones.read_list()
    assert set(Erased.objects.values_list("what", flat=True)) == {tombstones.ERASED}
