"""Voice notes: kept as recorded at once; encoded anew by the worker where ffmpeg is."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from community import chat, voice
from community.models import Media
from community.operations import chat as operations
from community.operations import media, recordings

OGG = b"OggS" + bytes(60)


@pytest.fixture
def ffmpeg(tmp_path, monkeypatch):
    """A stand-in that writes what it was told into the file it was told."""
    tool = tmp_path / "ffmpeg"

    def put(script: str) -> None:
        tool.write_text(f"#!/bin/sh\n{script}\n")
        tool.chmod(0o755)

    put('cat > /dev/null; for last; do :; done; printf encoded > "$last"')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return put


def upload(ben, name: str = "voice note.ogg", data: bytes = OGG) -> Media:
    file = SimpleUploadedFile(name, data, content_type="audio/ogg")
    return media.store_upload(file, purpose=Media.Purpose.ATTACHMENT, by=ben)


def told(made: Media) -> tuple[str, str, int]:
    made.refresh_from_db()
    return made.name, made.mime, made.size


AS_IT_CAME = ("voice note.ogg", "audio/ogg", len(OGG))
ENCODED = ("voice note.m4a", "audio/mp4", 7)


def test_without_ffmpeg_it_stays_as_it_came(ben, own_shelves, monkeypatch, committed):
    monkeypatch.setenv("PATH", "/nowhere")
    with committed():
        made = upload(ben)
    assert told(made) == AS_IT_CAME
    assert made.plays == "audio"
    assert recordings.encode_lately_recorded() == 0


def test_nobody_who_uploads_waits_for_ffmpeg(ben, own_shelves, ffmpeg, committed):
    ffmpeg('touch "$(dirname "$0")/ran"; exit 1')
    with committed():
        made = upload(ben)
        assert told(made) == AS_IT_CAME
        ran = voice.shutil.which("ffmpeg").replace("/ffmpeg", "/ran")
        assert not voice.Path(ran).exists()
    assert voice.Path(ran).exists()


def test_with_ffmpeg_it_plays_everywhere_after_a_moment(as_, ben, own_shelves, ffmpeg, committed):
    with committed():
        made = upload(ben)
        assert b"".join(as_(ben).get(made.url()).streaming_content) == OGG
        before = made.stored_as("file")
    assert told(made) == ENCODED
    answer = as_(ben).get(made.url())
    assert b"".join(answer.streaming_content) == b"encoded"
    assert answer["Content-Type"] == "audio/mp4"
    assert not default_storage.exists(before)


def test_open_pages_get_what_plays_everywhere(
    ben, own_shelves, north, ffmpeg, committed, monkeypatch
):
    frames = []
    monkeypatch.setattr("community.live.publish_on_commit", lambda *a, **k: frames.append(a[1]))
    room = north.rooms.get()
    ffmpeg("exit 1")
    with committed():
        made = upload(ben)
        operations.post_message(room, text="", client_id=uuid.uuid4(), by=ben, media=[made.token])
    assert "voice note.ogg" in frames[-1]["html"]
    ffmpeg('cat > /dev/null; for last; do :; done; printf encoded > "$last"')
    with committed():
        assert recordings.encode_recording(made.pk)
    assert frames[-1]["t"] == "edited"
    assert "voice note.m4a" in frames[-1]["html"]
    row = chat.page(room, ben).rows[-1]
    assert row.edited_at is None, "nobody changed what was said"


def test_twice_is_once_and_a_crash_before_the_commit_costs_nothing(
    ben, own_shelves, ffmpeg, committed
):
    made = upload(ben)
    default_storage.save(f"{made.folder}/played", SimpleUploadedFile("x", b"half"))
    with committed():
        assert recordings.encode_recording(made.pk)
    assert not recordings.encode_recording(made.pk)
    assert told(made) == ENCODED
    with default_storage.open(made.stored_as("file")) as file:
        assert file.read() == b"encoded"


def test_what_was_not_rung_for_is_found_by_the_clock(ben, own_shelves, ffmpeg, committed):
    fresh, late, old = (upload(ben) for _ in range(3))
    for made, minutes in ((late, 10), (old, 90)):
        Media.objects.filter(pk=made.pk).update(
            created_at=timezone.now() - timedelta(minutes=minutes)
        )
    assert recordings.encode_lately_recorded() == 1
    assert (told(fresh), told(late), told(old)) == (AS_IT_CAME, ENCODED, AS_IT_CAME)


def test_what_ffmpeg_cannot_read_or_is_gone_stays_as_it_came(ben, own_shelves, ffmpeg, monkeypatch):
    made = upload(ben)
    ffmpeg("exit 1")
    assert not recordings.encode_recording(made.pk)
    ffmpeg("sleep 60")
    monkeypatch.setattr(voice, "PATIENCE_SECONDS", 0.2)
    assert not recordings.encode_recording(made.pk)
    assert told(made) == AS_IT_CAME
    default_storage.delete(made.stored_as("file"))
    assert not recordings.encode_recording(made.pk)
    assert not recordings.encode_recording(made.pk + 1)


def test_what_is_no_recording_is_refused(ben, own_shelves):
    with pytest.raises(ValidationError, match="not a working"):
        upload(ben, "voice note.ogg", b"MZ no sound")
