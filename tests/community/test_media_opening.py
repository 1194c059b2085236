"""Who opens an upload, and how its bytes go out."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from community.models import Membership, Openness, Ring, Space
from community.operations import media as operations
from tests import factories
from tests.community.made_uploads import (
    AVATAR,
    COVER,
    GOOD,
    fetch,
    store,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_shelves")]


@pytest.fixture
def private(ada, ben):
    """A secret group of ada and ben, with a picture and a file in a topic, and a cover."""
    space = factories.make_space("Quiet Room", steward=ada, openness=Openness.SECRET)
    factories.belong(ben, space)
    ben.forget()
    picture, file, cover = store(ben), store(ben, GOOD["a.pdf"], "a.pdf"), store(ada, purpose=COVER)
    topic = factories.make_topic(space, by=ben)
    operations.attach(topic, tokens=[picture.token, file.token], by=ben)
    ada.forget()
    operations.set_cover(space, media=cover, by=ada)
    return space, picture, file, cover


def bare(response, address: str) -> str:
    """The page without what differs on every page: the address asked for, the CSRF token."""
    return re.sub(r"[A-Za-z0-9]{64}", "", response.content.decode()).replace(address, "")


def test_a_secret_groups_media_open_for_its_people_alone(as_, private, ada, ben, cleo, mo, guest):
    _space, picture, file, cover = private
    for address in (picture.url("small"), picture.url("large"), file.url(), cover.url()):
        absent = re.sub(r"/media/[^/]+/", "/media/" + "x" * 32 + "/", address)
        for insider in (ada, ben):
            assert fetch(as_(insider), address).status_code == 200
        for outsider in (cleo, mo, guest):
            client = as_(outsider)
            hidden, nothing = fetch(client, address), fetch(client, absent)
            assert hidden.status_code == nothing.status_code == 404
            assert bare(hidden, address) == bare(nothing, absent)
            assert hidden.headers.keys() == nothing.headers.keys()


def test_media_close_at_once_when_somebody_is_removed(as_, private, ben):
    space, picture, file, cover = private
    client = as_(ben)
    assert fetch(client, picture.url()).status_code == 200
    Membership.objects.filter(space=space, member=ben).delete()
    for address in (picture.url(), file.url(), cover.url()):
        assert fetch(client, address).status_code == 404


def test_media_follow_their_item(as_, ben, cleo, north):
    media = store(ben)
    topic = factories.make_topic(north, by=ben)
    assert fetch(as_(ben), media.url()).status_code == 200
    assert fetch(as_(cleo), media.url()).status_code == 404
    operations.attach(topic, tokens=[media.token], by=ben)
    assert fetch(as_(cleo), media.url()).status_code == 200
    type(topic).objects.filter(pk=topic.pk).update(min_ring=Ring.CORE)
    assert fetch(as_(cleo), media.url()).status_code == 404
    type(topic).objects.filter(pk=topic.pk).update(min_ring=2, deleted_at=timezone.now())
    assert fetch(as_(ben), media.url()).status_code == 404


def test_avatars_follow_their_person(as_, ben, cleo, guest):
    avatar = store(ben, purpose=AVATAR)
    assert fetch(as_(cleo), avatar.url("small")).status_code == 404
    operations.set_avatar(ben, media=avatar, by=ben)
    assert fetch(as_(cleo), avatar.url("small")).status_code == 200
    assert fetch(as_(guest), avatar.url("small")).status_code == 404
    type(ben).objects.filter(pk=ben.pk).update(profile_seen_by="contacts")
    assert fetch(as_(cleo), avatar.url("small")).status_code == 404
    assert fetch(as_(ben), avatar.url("small")).status_code == 200


def test_what_is_public_opens_for_guests_and_may_be_kept_briefly(as_, ada, ben, guest):
    space = factories.make_space("Town Square", steward=ada, openness=Openness.PUBLIC)
    factories.belong(ben, space)
    cover, picture = store(ada, purpose=COVER), store(ben)
    ada.forget()
    operations.set_cover(space, media=cover, by=ada)
    topic = factories.make_topic(space, by=ben, min_ring=Ring.WEB)
    operations.attach(topic, tokens=[picture.token], by=ben)
    for media in (cover, picture):
        response = fetch(as_(guest), media.url())
        assert response.status_code == 200
        assert response["Cache-Control"] == "public, max-age=600"
    Space.objects.filter(pk=space.pk).update(openness=Openness.SECRET)
    for media in (cover, picture):
        assert fetch(as_(guest), media.url()).status_code == 404


def test_bytes_go_out_in_a_sandbox_and_stay_nowhere(as_, private, ben):
    _space, picture, file, _cover = private
    client = as_(ben)
    for media in (picture, file):
        response = fetch(client, media.url())
        assert response["Content-Security-Policy"] == (
            "default-src 'none'; sandbox; frame-ancestors 'none'"
        )
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, no-store"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert fetch(client, picture.url())["Content-Type"] == "image/webp"
    assert fetch(client, picture.url())["Content-Disposition"] == 'inline; filename="picture.webp"'
    assert fetch(client, file.url())["Content-Disposition"] == 'attachment; filename="a.pdf"'


@pytest.mark.parametrize("name", GOOD)
def test_only_what_plays_is_shown_in_place(as_, ben, name):
    response = fetch(as_(ben), store(ben, GOOD[name], name).url())
    shown = name.endswith(("mp3", "m4a", "mp4", "webm"))
    assert response["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert not response["Content-Type"].startswith(("text/html", "image/svg", "text/javascript"))


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ('a"; x=".pdf', 'attachment; filename="a ; x=.pdf"'),
        ("a\r\nX-Evil: 1.pdf", 'attachment; filename="aX-Evil 1.pdf"'),
        ("José ñ.pdf", "attachment; filename*=utf-8''Jos%C3%A9%20%C3%B1.pdf"),
        ("信.pdf", "attachment; filename*=utf-8''%E4%BF%A1.pdf"),
    ],
)
def test_hostile_names_stay_inside_their_header(as_, ben, name, header):
    response = fetch(as_(ben), store(ben, b"%PDF-1.7", name).url())
    assert response["Content-Disposition"] == header
    assert "X-Evil" not in response


@pytest.mark.parametrize(
    ("asked", "status", "part", "said"),
    [
        ("bytes=0-3", 206, slice(0, 4), "bytes 0-3/100"),
        ("bytes=90-", 206, slice(90, 100), "bytes 90-99/100"),
        ("bytes=-10", 206, slice(90, 100), "bytes 90-99/100"),
        ("bytes=-500", 206, slice(0, 100), "bytes 0-99/100"),
        ("bytes=50-5000", 206, slice(50, 100), "bytes 50-99/100"),
        ("bytes=99-99", 206, slice(99, 100), "bytes 99-99/100"),
        ("bytes=100-", 416, None, "bytes */100"),
        ("bytes=-0", 416, None, "bytes */100"),
        ("bytes=9-3", 416, None, "bytes */100"),
        ("bytes=0-3,9-12", 200, slice(0, 100), None),
        ("bytes=-", 200, slice(0, 100), None),
        ("bytes=a-b", 200, slice(0, 100), None),
        ("lines=0-3", 200, slice(0, 100), None),
        ("", 200, slice(0, 100), None),
    ],
)
def test_parts_of_a_film_are_sent(as_, ben, asked, status, part, said):
    data = b"ID3" + bytes(range(97))
    media = store(ben, data, "a.mp3")
    response = fetch(as_(ben), media.url(), {"Range": asked} if asked else {})
    assert response.status_code == status
    assert response.get("Content-Range") == said
    if part is not None:
        assert response.body == data[part]
        assert response["Content-Length"] == str(len(data[part]))
        assert response["Accept-Ranges"] == "bytes"


def test_a_part_of_another_version_is_the_whole(as_, ben):
    media = store(ben, b"ID3" + bytes(97), "a.mp3")
    client = as_(ben)
    etag = fetch(client, media.url())["ETag"]
    for if_range, status in ((etag, 206), ('"other"', 200)):
        headers = {"Range": "bytes=0-3", "If-Range": if_range}
        assert fetch(client, media.url(), headers).status_code == status


def test_head_says_what_get_would(as_, ben):
    media = store(ben)
    client = as_(ben)
    head, get = fetch(client, media.url(), method="head"), fetch(client, media.url())
    assert head.status_code == 200
    assert head["Content-Length"] == get["Content-Length"]
    assert head["Content-Type"] == get["Content-Type"]


def test_a_front_server_sends_the_bytes_after_the_same_question(as_, settings, private, ben, cleo):
    _space, picture, _file, _cover = private
    settings.MEDIA_ACCEL = "/protected/"
    response = fetch(as_(ben), picture.url("small"))
    assert response["X-Accel-Redirect"] == f"/protected/{picture.folder}/small.webp"
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "private, no-store"
    assert response.content == b""
    hidden = fetch(as_(cleo), picture.url("small"))
    assert hidden.status_code == 404
    assert "X-Accel-Redirect" not in hidden


def test_bytes_that_are_gone_are_absent(as_, ben):
    media = store(ben)
    operations._remove_folder(media.folder)
    assert fetch(as_(ben), media.url()).status_code == 404


def test_opening_asks_the_database_little(as_, queries, private, ben):
    _space, picture, _file, _cover = private
    client = as_(ben)
    fetch(client, picture.url())
    with queries() as asked:
        fetch(client, picture.url())
    assert len(asked) <= 6


def test_pictures_come_small_to_who_saves_data(as_, private, ben):
    """Those of a page; what is opened comes as it is, and a face is small already."""
    _space, picture, file, cover = private
    client = as_(ben)

    def size(address: str, asked: dict | None = None) -> int:
        return len(fetch(client, address, headers=asked).body)

    for shown in (picture, cover):
        assert size(shown.url(), {"Save-Data": "on"}) == size(shown.url("small"))
    client.post("/me/look/", {"theme": "dark", "language": "en", "saves_data": "on"})
    assert size(picture.url()) == size(picture.url("small")) < size(picture.url("large"))
    assert size(picture.url("large")) == picture.renditions["large"][2]
    assert size(file.url(), {"Save-Data": "on"}) == file.size
    client.post("/me/look/", {"theme": "dark", "language": "en"})
    assert size(picture.url()) == picture.renditions.get("medium", picture.renditions["large"])[2]
