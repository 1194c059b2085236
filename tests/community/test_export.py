"""A copy holds all that is theirs, nothing that is others', and opens for nobody else."""

from __future__ import annotations

import io
import json
import os
import stat
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from community import exports, personal
from community.models import Comment, DataExport, Notice
from community.operations import media, retention
from community.operations import rights as operations
from tests import factories
from tests.community.everything import make_everything
from tests.community.test_leaving import proved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_shelves")]


def unpacked(export: DataExport) -> dict[str, bytes]:
    with default_storage.open(export.stored_as) as file, zipfile.ZipFile(file) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_copy_holds_everything_of_theirs_and_nothing_of_others(community):
    found = make_everything()
    files = unpacked(factories.make_export(found.member))
    text = "\n".join(f"{name} {data.decode('latin-1')}" for name, data in files.items())
    told_elsewhere = {"reason told"}
    missing = {at for word, at in found.own.items() if word not in text} - told_elsewhere
    assert missing == set()
    may_know = {"blocked person"}  # they blocked them by that name
    assert {at for word, at in found.foreign.items() if word in text} <= may_know


def test_every_file_of_a_copy_can_be_read(community):
    found = make_everything()
    files = unpacked(factories.make_export(found.member))
    contents = json.loads(files["contents.json"])
    assert len(contents) == len(personal.holdings())
    for said in contents:
        if "file" in said:
            assert len(json.loads(files[said["file"]])) == said["rows"]
        else:
            assert said["not_included"]
        for name in said.get("files", ()):
            assert files[name]
    assert b"READ ME" in b" ".join(name.encode() for name in files)


def test_a_copy_is_worded_in_their_language(community):
    member = factories.make_member("Ana", language="es")
    files = unpacked(factories.make_export(member))
    assert json.loads(files["contents.json"])


def test_a_copy_lies_on_disk_for_nobody_else(ben, settings):
    export = factories.make_export(ben)
    path = Path(settings.MEDIA_ROOT) / export.stored_as
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(path.parent).st_mode) == 0o700
    assert len(export.token) == 32  # 24 random bytes
    media.sweep_folders(older_than=timedelta(0))
    assert path.exists()  # the sweep of uploads leaves it alone


def test_it_is_packed_where_uploads_lie_and_a_crash_leaves_nothing(
    ben, settings, monkeypatch, tmp_path
):
    small = tmp_path / "memory"  # read-only, as large as nothing
    monkeypatch.setattr("tempfile.tempdir", str(small))
    assert exports.packing_folder() == Path(settings.MEDIA_ROOT)
    export = factories.make_export(ben)
    assert unpacked(export)
    export = DataExport.objects.create(member=ben, expires_at=timezone.now())
    monkeypatch.setattr(exports, "_fill", lambda packed, member: 1 / 0)
    before = set(Path(settings.MEDIA_ROOT).rglob("*"))
    with pytest.raises(ZeroDivisionError):
        exports.pack(export)
    assert set(Path(settings.MEDIA_ROOT).rglob("*")) == before


def test_a_copy_that_no_row_names_is_swept_after_a_day(ben, settings):
    kept, lost = factories.make_export(ben), DataExport(token="left-by-a-crash")
    path = Path(settings.MEDIA_ROOT) / lost.stored_as
    path.parent.mkdir()
    path.write_bytes(b"half of it")
    assert exports.sweep_folders() == 0
    assert exports.sweep_folders(older_than=timedelta(0)) == 1
    assert not path.parent.exists()
    path.parent.mkdir()  # it died before the first byte
    assert exports.sweep_folders() == 1
    assert not path.parent.exists()
    assert default_storage.exists(kept.stored_as)


def test_asking_makes_one_and_tells_when_it_is_ready(ben, client, committed):
    client = proved(client, ben)
    with committed():
        assert client.post(reverse("record_download")).status_code == 302
    export = DataExport.objects.get(member=ben)
    assert export.ready_at is not None
    assert Notice.objects.get(member=ben).activity.verb == "rights.export_ready"
    page = client.get(reverse("record_download")).content.decode()
    assert "Your copy is ready" in page
    answer = client.get(reverse("record_file", args=[export.token]))
    assert answer.status_code == 200
    assert zipfile.is_zipfile(io.BytesIO(b"".join(answer.streaming_content)))
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment")
    export.refresh_from_db()
    assert export.opened_at is not None


def test_asking_again_replaces_it(ben, committed, settings):
    with committed():
        first = operations.ask_for_export(by=ben)
    old = Path(settings.MEDIA_ROOT) / first.stored_as
    assert old.exists()
    with committed():
        second = operations.ask_for_export(by=ben)
    assert second.pk != first.pk
    assert not old.exists()
    assert DataExport.objects.count() == 1


def test_one_at_a_time(ben):
    assert operations.ask_for_export(by=ben) == operations.ask_for_export(by=ben)


def test_nobody_else_opens_it(ben, ada, mo, root_steward, client):
    export = factories.make_export(ben)
    address = reverse("record_file", args=[export.token])
    for somebody in (ada, mo, root_steward):
        assert proved(client, somebody).get(address).status_code == 404
    assert client.get(reverse("record_file", args=["nonsense"])).status_code == 404


def test_nobody_opens_it_on_a_phone_left_lying_about(ben, as_):
    export = factories.make_export(ben)
    answer = as_(ben).get(reverse("record_file", args=[export.token]))
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert as_(ben).post(reverse("record_download")).status_code == 302
    assert DataExport.objects.count() == 1


def test_a_front_server_sends_it_where_there_is_one(ben, client, settings):
    settings.MEDIA_ACCEL = "/protected"
    export = factories.make_export(ben)
    answer = proved(client, ben).get(reverse("record_file", args=[export.token]))
    assert answer["X-Accel-Redirect"] == f"/protected/{export.stored_as}"
    assert answer.content == b""


def test_it_is_gone_after_a_week(ben, client, settings):
    export = factories.make_export(ben)
    path = Path(settings.MEDIA_ROOT) / export.stored_as
    later = timezone.now() + timedelta(days=7, minutes=1)
    retention.forget_expired(later)
    assert not DataExport.objects.exists()
    assert not path.exists()
    assert proved(client, ben).get(reverse("record_file", args=[export.token])).status_code == 404


def test_a_copy_whose_worker_died_is_made_by_the_clock(ben):
    export = operations.ask_for_export(by=ben)
    DataExport.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    assert operations.unmade() == [export.pk]
    DataExport.objects.update(tried_at=timezone.now())
    assert operations.unmade() == []
    assert not operations.make_export(export.pk)  # somebody is at it
    DataExport.objects.update(tried_at=timezone.now() - operations.PATIENCE * 2)
    assert operations.unmade() == [export.pk]
    assert operations.make_export(export.pk)
    assert not operations.make_export(export.pk)


def test_a_copy_that_cannot_be_made_says_so(ben, client, monkeypatch):
    monkeypatch.setattr(exports, "pack", lambda export: 1 / 0)
    export = operations.ask_for_export(by=ben)
    for _number in range(operations.TRIES):
        DataExport.objects.update(tried_at=None)
        assert not operations.make_export(export.pk)
    assert operations.unmade() == []
    page = proved(client, ben).get(reverse("record_download")).content.decode()
    assert "Your copy could not be made" in page


def test_ten_thousand_items_take_less_than_a_minute(ben, north):
    topic = factories.make_topic(north, by=ben)
    one = factories.make_comment(topic, by=ben, text="Again and again. " * 20)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO community_item (kind, space_id, min_ring, author_id, title, lang,"
            " created_at, active_at, comment_count, reaction_counts)"
            " SELECT kind, space_id, min_ring, author_id, title, lang, created_at, active_at, 0,"
            " '{}' FROM community_item, generate_series(1, 10000) WHERE id = %s RETURNING id",
            [one.pk],
        )
        cursor.execute(
            "INSERT INTO community_comment (item_ptr_id, item_id, text, html, renderer)"
            " SELECT new.id, old.item_id, old.text, old.html, 0 FROM community_item AS new,"
            " community_comment AS old WHERE old.item_ptr_id = %s AND new.author_id = %s"
            " AND new.id > %s",
            [one.pk, ben.pk, one.pk],
        )
    assert Comment.objects.filter(author=ben).count() == 10_001
    began = time.monotonic()
    export = factories.make_export(ben)
    assert time.monotonic() - began < 60
    said = json.loads(unpacked(export)["said/community.Item.author.json"])
    assert len(said) == 10_002
    assert said[-1]["text"].startswith("Again and again.")
