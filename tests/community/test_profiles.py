"""A person's page shows each viewer what the person chose for them, and nothing else."""

from __future__ import annotations

import pytest
from django.db.models import Q
from django.urls import reverse

from community import profiles
from community.models import Block, Member, Openness, Ring, Space
from community.operations import chat, people
from community.policies import Refused
from tests import factories
from tests.chatted import say

SECRETS = {
    "pronouns": "xe/xem",
    "area": "Old Harbour",
    "about": "I lived in nine cities.",
    "skills": "welding",
    "spoken_languages": "Quechua",
    "ask_me_about": "bylaws",
}


@pytest.fixture
def nora(community) -> Member:
    """Somebody with a full profile, shown to the people in her groups."""
    return factories.make_member(
        "Nora Vance", profile_seen_by=Member.SeenBy.GROUPS, in_directory=False, **SECRETS
    )


def page(as_, viewer, person) -> str:
    answer = as_(viewer).get(reverse("person", args=[person.pk]))
    return answer.content.decode() if answer.status_code == 200 else ""


def told(text: str) -> set[str]:
    return {field for field, value in SECRETS.items() if value in text}


def test_people_of_ones_groups_read_the_profile_and_others_find_no_page(
    as_, nora, north, ben, cleo
):
    factories.belong(nora, north)
    assert told(page(as_, ben, nora)) == set(SECRETS)
    assert as_(cleo).get(reverse("person", args=[nora.pk])).status_code == 404


def test_all_members_read_a_profile_that_is_shown_to_all(as_, nora, cleo):
    people.choose_privacy(nora, by=nora, profile_seen_by="members", in_directory=True)
    assert told(page(as_, cleo, nora)) == set(SECRETS)


def test_visitors_and_people_outside_the_community_find_no_page(as_, nora, community):
    people.choose_privacy(nora, by=nora, profile_seen_by="members", in_directory=True)
    outside = factories.make_member("Outsider", root_ring=0)
    assert as_(outside).get(reverse("person", args=[nora.pk])).status_code == 404
    answer = as_(None).get(reverse("person", args=[nora.pk]))
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("field", SECRETS)
def test_each_field_has_an_audience_of_its_own(as_, nora, north, ben, cleo, field):
    factories.belong(nora, north)
    people.choose_privacy(
        nora,
        by=nora,
        profile_seen_by="members",
        in_directory=False,
        field_visibility={field: "groups"},
    )
    assert told(page(as_, ben, nora)) == set(SECRETS)
    assert told(page(as_, cleo, nora)) == set(SECRETS) - {field}
    people.choose_privacy(
        nora,
        by=nora,
        profile_seen_by="members",
        in_directory=False,
        field_visibility={field: "contacts"},
    )
    assert told(page(as_, ben, nora)) == set(SECRETS) - {field}
    assert told(page(as_, nora, nora)) == set(SECRETS)


def test_stewards_of_ones_groups_read_everything_they_need_to_welcome(as_, nora, north, ada):
    factories.belong(nora, north)
    people.choose_privacy(nora, by=nora, profile_seen_by="contacts", in_directory=False)
    assert told(page(as_, ada, nora)) == set(SECRETS)


def test_a_group_that_ended_shows_nobody_to_anybody(as_, nora, north, ben):
    from django.utils import timezone

    factories.belong(nora, north)
    Space.objects.filter(pk=north.pk).update(closed_at=timezone.now())
    assert page(as_, ben, nora) == ""


def test_only_spaces_of_both_are_told(as_, nora, north, ben, ada):
    """That somebody is in a space is known to the people of that space alone."""
    factories.belong(nora, north)
    other = factories.make_space("Harbour Choir", steward=ada)
    secret = factories.make_space("Strike Committee", steward=ada, openness=Openness.SECRET)
    factories.belong(nora, other)
    factories.belong(nora, secret)
    text = page(as_, ben, nora)
    assert north.name in text
    assert other.name not in text
    assert secret.name not in text
    assert secret.name in page(as_, ada, nora)


def test_whose_words_one_reads_has_a_name_and_nothing_more(as_, nora, north, cleo):
    factories.belong(nora, north)
    factories.make_topic(north, by=nora, title="Who has a ladder?")
    text = page(as_, cleo, nora)
    assert nora.name in text
    assert told(text) == set()
    assert nora.handle not in text


def test_words_one_cannot_read_tell_no_name(as_, nora, cleo, ada):
    secret = factories.make_space("Strike Committee", steward=ada, openness=Openness.SECRET)
    factories.belong(nora, secret)
    factories.make_topic(secret, by=nora)
    assert as_(cleo).get(reverse("person", args=[nora.pk])).status_code == 404


def test_a_closed_account_has_no_page(as_, nora, north, ben):
    factories.belong(nora, north)
    Member.objects.filter(pk=nora.pk).update(is_active=False)
    assert page(as_, ben, nora) == ""


def test_hostile_words_are_only_words(as_, nora, north, ben):
    factories.belong(nora, north)
    bad = "<img src=x onerror=alert(1)> {{ 7|add:7 }} <p hx-get=/me/ hx-trigger=load>"
    people.update_profile(
        nora, by=nora, name="<b>Nora</b>", about=bad, skills=bad, ask_me_about=bad
    )
    text = page(as_, ben, nora)
    assert "<img src=x" not in text
    assert "<b>Nora" not in text
    assert "<p hx-get" not in text


def test_about_me_is_written_in_the_editor_and_read_as_it_was_meant(as_, nora, north, ben):
    factories.belong(nora, north)
    form = as_(nora).get("/me/profile/").content.decode()
    assert form.count("<tq-editor") == 1
    people.update_profile(nora, by=nora, about="I **listen**.\nAnd\n- cook\n\n# Big")
    text = page(as_, ben, nora)
    assert "<strong>listen</strong>" in text
    assert "<li>cook</li>" in text
    assert "<h1>Big" not in text


# Changing it


def test_the_profile_is_edited_with_its_audiences_in_one_form(as_, nora):
    answer = as_(nora).post(
        reverse("edit_profile"),
        {"name": "Nora V.", "about": "New words.", "area": "", "about_seen_by": "members"},
    )
    assert answer.url == reverse("person", args=[nora.pk])
    nora.refresh_from_db()
    assert (nora.name, nora.about, nora.area) == ("Nora V.", "New words.", "")
    assert nora.field_visibility == {"about": "members"}
    assert nora.profile_seen_by == Member.SeenBy.GROUPS


def test_only_named_fields_are_taken_from_the_form(as_, nora):
    as_(nora).post(
        reverse("edit_profile"),
        {"name": "Nora", "is_active": "", "email": "evil@example.org", "handle": "root"},
    )
    nora.refresh_from_db()
    assert nora.email == "nora-vance@example.org"
    assert nora.handle == "nora-vance"
    with pytest.raises(TypeError):
        people.update_profile(nora, by=nora, email="evil@example.org")


def test_nobody_changes_another_persons_profile(nora, cleo):
    for change in (
        lambda: people.update_profile(nora, by=cleo, about="x"),
        lambda: people.choose_privacy(nora, by=cleo, profile_seen_by="members", in_directory=True),
        lambda: people.change_handle(nora, by=cleo, handle="x"),
        lambda: people.choose_look(nora, by=cleo, theme="dark", language="en", time_zone=""),
        lambda: people.introduce(nora, by=cleo, name="x", pronouns="", language="en"),
    ):
        with pytest.raises(Refused):
            change()


def test_who_appears_in_no_list_is_taken_out_of_the_directory(nora):
    people.choose_privacy(nora, by=nora, profile_seen_by="contacts", in_directory=True)
    nora.refresh_from_db()
    assert nora.in_directory is False


def test_a_handle_is_changed_once_nobody_has_it(as_, nora, cleo):
    for taken in (cleo.handle, "everyone", "", "two words"):
        as_(nora).post(reverse("change_handle"), {"handle": taken})
        nora.refresh_from_db()
        assert nora.handle == "nora-vance"
    as_(nora).post(reverse("change_handle"), {"handle": "Nora-V"})
    nora.refresh_from_db()
    assert nora.handle == "nora-v"


def test_a_picture_is_made_small_and_taken_away_again(as_, nora):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = as_(nora)
    upload = SimpleUploadedFile("me.png", factories.picture((900, 600)), "image/png")
    client.post(reverse("change_avatar"), {"picture": upload})
    nora.refresh_from_db()
    assert nora.avatar is not None
    assert nora.avatar.width == nora.avatar.height
    assert "<img" in client.get(reverse("edit_profile")).content.decode()
    client.post(reverse("change_avatar"), {"remove": ""})
    nora.refresh_from_db()
    assert nora.avatar is None


def test_what_is_no_picture_is_refused_in_words(as_, nora):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = as_(nora)
    upload = SimpleUploadedFile("me.png", b"<svg onload=alert(1)>", "image/png")
    answer = client.post(reverse("change_avatar"), {"picture": upload}, follow=True)
    nora.refresh_from_db()
    assert nora.avatar is None
    assert "toast--danger" in answer.content.decode()


def test_colours_language_and_time_zone_hold_from_the_next_page(as_, nora):
    client = as_(nora)
    client.post(reverse("look"), {"theme": "dark", "language": "es", "time_zone": "America/Bogota"})
    answer = client.get(reverse("me"))
    assert b'data-theme="dark"' in answer.content
    assert b'lang="es"' in answer.content
    with pytest.raises(Refused):
        people.choose_look(nora, by=nora, theme="dark", language="xx", time_zone="")


def test_a_day_is_noted_once_and_costs_one_update(as_, nora, queries):
    client = as_(nora)
    with queries() as asked:
        client.get(reverse("privacy"))
    assert sum("last_seen_on" in q["sql"] and "UPDATE" in q["sql"] for q in asked) == 1
    with queries() as asked:
        client.get(reverse("privacy"))
    assert sum("UPDATE" in q["sql"] for q in asked) == 0
    nora.refresh_from_db()
    assert nora.last_seen_on is not None


def test_the_ring_does_not_matter_for_sharing_a_group(as_, nora, north, fay):
    factories.belong(nora, north, ring=Ring.FOLLOWER)
    assert told(page(as_, fay, nora)) == set(SECRETS)


def test_people_who_have_both_written_are_contacts(as_, nora, cleo, ben):
    people.choose_privacy(nora, by=nora, profile_seen_by="contacts", in_directory=False)
    pair = chat.open_direct([cleo], by=nora)
    say(pair, nora, "Hello")
    assert page(as_, cleo, nora) == "", "one who writes is not known yet"
    chat.accept_request(pair, by=cleo)
    assert page(as_, cleo, nora) == ""
    say(pair, cleo, "Hello, Nora")
    assert told(page(as_, cleo, nora)) == set(SECRETS)
    assert page(as_, ben, nora) == ""
    cleo.forget()
    found = Member.objects.filter(pk=nora.pk)
    assert found.visible_to(cleo).exists()
    assert found.with_a_face_for(cleo).exists()
    assert not found.with_a_face_for(ben).exists()
    assert cleo.contact_ids == {nora.pk}
    assert ben.contact_ids == set()
    assert profiles.with_field(found, "skills", cleo, Q(skills="welding")).exists()
    assert not profiles.with_field(found, "skills", ben, Q(skills="welding")).exists()
    Block.objects.create(member=nora, blocked=cleo)
    assert page(as_, cleo, nora) == ""


def test_a_field_for_contacts_is_read_by_contacts(as_, nora, ben, cleo):
    people.choose_privacy(
        nora,
        by=nora,
        profile_seen_by="members",
        in_directory=False,
        field_visibility={"about": "contacts"},
    )
    pair = chat.open_direct([ben], by=nora)
    chat.accept_request(pair, by=ben)
    say(pair, nora, "Hello")
    say(pair, ben, "Hello")
    assert told(page(as_, ben, nora)) == set(SECRETS)
    assert told(page(as_, cleo, nora)) == set(SECRETS) - {"about"}


def test_a_conversation_among_several_makes_no_contacts(as_, nora, north, ben, ada):
    factories.belong(nora, north)
    nora.forget()
    room = chat.open_direct([ben, ada], by=nora)
    for who in (nora, ben):
        say(room, who, "Hello")
    people.choose_privacy(nora, by=nora, profile_seen_by="contacts", in_directory=False)
    assert page(as_, ben, nora) == ""
