"""Uploads are attached, replaced, taken back and swept; the editor brings them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils import timezone

from community.models import Draft, Media
from community.operations import media as operations
from community.policies import Refused
from tests import factories
from tests.community.made_uploads import (
    ATTACHMENT,
    AVATAR,
    COVER,
    encoded,
    folders,
    gradient,
    refused,
    store,
    upload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_shelves")]


def test_uploads_hang_on_what_they_are_posted_with_in_order(ben, north):
    one, two, three = store(ben), store(ben), store(ben)
    topic = factories.make_topic(north, by=ben)
    operations.attach(topic, tokens=[two.token, one.token, two.token], by=ben)
    assert [media.token for media in topic.media.all()] == [two.token, one.token]
    operations.attach(topic, tokens=[three.token, two.token], by=ben)
    assert [media.token for media in topic.media.all()] == [three.token, two.token]
    one.refresh_from_db()
    assert one.item is None


def test_nobody_attaches_what_is_not_theirs_or_in_use(ada, ben, north):
    topic, other = factories.make_topic(north, by=ben), factories.make_topic(north, by=ada)
    hers, his, avatar = store(ada), store(ben), store(ben, purpose=AVATAR)
    operations.attach(other, tokens=[his.token], by=ada)
    assert operations.attach(topic, tokens=[hers.token, avatar.token, "nonsense"], by=ben) == []
    operations.attach(topic, tokens=[his.token], by=ben)
    assert operations.attach(other, tokens=[his.token], by=ben) == []
    orphan = store(ben)
    Media.objects.filter(pk=orphan.pk).update(owner=None)
    assert operations.attach(other, tokens=[orphan.token], by=None) == []
    with pytest.raises(ValidationError):
        operations.attach(topic, tokens=[str(number) for number in range(21)], by=ben)


def test_an_upload_is_taken_back_with_its_bytes(ben, committed):
    media = store(ben)
    with committed():
        operations.discard(media, by=ben)
    assert not Media.objects.exists()
    assert folders() == []
    operations.discard(media, by=ben)


def test_only_its_owner_takes_back_an_upload_that_is_not_in_use(ada, ben, north):
    media = store(ben)
    with pytest.raises(Refused):
        operations.discard(media, by=ada)
    operations.attach(factories.make_topic(north, by=ben), tokens=[media.token], by=ben)
    with pytest.raises(Refused):
        operations.discard(media, by=ben)


def test_a_new_avatar_replaces_the_old_with_its_bytes(ada, ben, committed):
    first, second = store(ben, purpose=AVATAR), store(ben, purpose=AVATAR)
    with committed():
        operations.set_avatar(ben, media=first, by=ben)
        operations.set_avatar(ben, media=second, by=ben)
    ben.refresh_from_db()
    assert ben.avatar == second
    assert folders() == [second.token]
    with pytest.raises(Refused):
        operations.set_avatar(ben, media=None, by=ada)
    with pytest.raises(ValidationError):
        operations.set_avatar(ben, media=store(ben), by=ben)
    with pytest.raises(ValidationError):
        operations.set_avatar(ben, media=store(ada, purpose=AVATAR), by=ben)
    with committed():
        operations.set_avatar(ben, media=None, by=ben)
    ben.refresh_from_db()
    assert ben.avatar is None
    assert second.token not in folders()


def test_stewards_set_the_cover(ada, ben, north):
    cover = store(ada, purpose=COVER)
    operations.set_cover(north, media=cover, by=ada)
    north.refresh_from_db()
    assert north.cover == cover
    with pytest.raises(Refused):
        operations.set_cover(north, media=None, by=ben)


def test_what_nobody_used_is_swept_and_what_is_used_stays(ada, ben, north, committed):
    old = timezone.now() - timedelta(days=9)
    unused, fresh, drafted, posted = store(ben), store(ben), store(ben), store(ben)
    avatar, cover = store(ben, purpose=AVATAR), store(ada, purpose=COVER)
    replaced = store(ben, purpose=AVATAR)
    operations.attach(factories.make_topic(north, by=ben), tokens=[posted.token], by=ben)
    operations.set_avatar(ben, media=avatar, by=ben)
    operations.set_cover(north, media=cover, by=ada)
    Draft.objects.create(member=ben, place="topic:1", data={"media": [drafted.token]})
    Media.objects.exclude(pk=fresh.pk).update(created_at=old)
    with committed():
        assert operations.sweep_unattached() == 2
    left = {fresh.token, drafted.token, posted.token, avatar.token, cover.token}
    assert set(folders()) == left
    assert set(Media.objects.values_list("token", flat=True)) == left
    assert {unused.token, replaced.token}.isdisjoint(left)


def test_folders_without_a_row_are_swept(ben):
    media, lost = store(ben), store(ben)
    Media.objects.filter(pk=lost.pk).delete()
    assert operations.sweep_folders() == 0
    assert operations.sweep_folders(timedelta(0)) == 1
    assert folders() == [media.token]


def test_uploads_in_no_post_are_limited(ben, monkeypatch):
    monkeypatch.setattr(operations, "MAX_UNUSED", 2)
    store(ben)
    store(ben)
    with pytest.raises(ValidationError) as caught:
        store(ben)
    assert caught.value.code == "quota"


def test_a_full_disk_leaves_nothing_half_done(ben, monkeypatch):
    whole = default_storage.save

    def full(name, content):
        if name.endswith("small.webp"):
            raise OSError(28, "No space left on device")
        return whole(name, content)

    monkeypatch.setattr(default_storage, "save", full)
    assert refused(ben, encoded(gradient(), "JPEG"), "a.jpg").code == "no_room"


def test_a_row_that_fails_leaves_no_bytes(ben, monkeypatch):
    monkeypatch.setattr(Media, "save", lambda *args, **options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store(ben)
    assert folders() == []


# Uploading -----------------------------------------------------------------------------------


def test_the_editor_uploads(as_, ben):
    client = as_(ben)
    sent = client.post(
        "/media/", {"file": upload(encoded(gradient(), "JPEG")), "alt": " The  pot "}
    )
    assert sent.status_code == 201
    answer = sent.json()
    media = Media.objects.get(token=answer["token"])
    assert answer["url"] == media.url("large")
    assert answer["thumb"] == media.url("small")
    assert (answer["kind"], answer["width"], answer["height"]) == ("image", 640, 400)
    assert (media.owner, media.purpose, media.alt) == (ben, ATTACHMENT, "The pot")
    assert len(media.token) == 32
    said = client.post(f"/media/{media.token}/describe/", {"alt": "A pot of soup"}).json()
    assert said == {"token": media.token, "alt": "A pot of soup"}
    assert client.post(f"/media/{media.token}/discard/").status_code == 200
    assert not Media.objects.exists()


def test_refusals_are_sentences(as_, ben, guest):
    client = as_(ben)
    for form in ({}, {"file": "text"}, {"file": upload(b"x"), "purpose": "ballot"}):
        assert client.post("/media/", form).status_code == 422
    answer = client.post("/media/", {"file": upload(b"<svg/>", "a.svg")})
    assert answer.status_code == 422
    assert answer.json() == {"error": "Pictures need to be JPEG, PNG, WebP or GIF."}
    assert as_(guest).post("/media/", {"file": upload(b"x")}).status_code == 403
    assert client.get("/media/").status_code == 405


def test_only_avatars_are_taken_from_those_who_are_not_members_yet(as_, community):
    newcomer = factories.make_member("Nia New", root_ring=0)
    client = as_(newcomer)
    data = encoded(gradient(), "JPEG")
    assert client.post("/media/", {"file": upload(data)}).status_code == 403
    assert client.post("/media/", {"file": upload(data), "purpose": "avatar"}).status_code == 201


def test_others_cannot_touch_an_upload(as_, ben, cleo, north):
    media = store(ben)
    for act in ("discard", "describe"):
        assert as_(cleo).post(f"/media/{media.token}/{act}/").status_code == 404
    operations.attach(factories.make_topic(north, by=ben), tokens=[media.token], by=ben)
    for act in ("discard", "describe"):
        assert as_(cleo).post(f"/media/{media.token}/{act}/").status_code == 403
    assert Media.objects.filter(pk=media.pk, item__isnull=False).exists()
