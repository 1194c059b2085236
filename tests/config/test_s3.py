"""Uploads in a store that speaks S3: closed, signed for a minute, sent on by nginx."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from moto.server import ThreadedMotoServer

from community.models import DataExport, Media
from community.operations import media as operations
from community.operations import rights
from config.backup import making
from config.doctor import files as doctor
from config.environment import Environment
from tests import factories
from tests.shape.sources import ROOT

pytestmark = pytest.mark.django_db
BUCKET, KEY = "tequio-uploads", {"aws_access_key_id": "key", "aws_secret_access_key": "word"}


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of a server that speaks S3, on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(store, settings):
    """A closed, empty bucket that the site's uploads lie in."""
    client = boto3.resource("s3", endpoint_url=store, region_name="us-east-1", **KEY)
    found = client.create_bucket(Bucket=BUCKET)
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "config.media.S3Media",
            "OPTIONS": {
                "bucket_name": BUCKET,
                "access_key": "key",
                "secret_key": "word",
                "endpoint_url": store,
                "region_name": "us-east-1",
            },
        }
    }
    yield found
    found.objects.all().delete()
    found.delete()


def upload(by, words: bytes = b"what we said\n") -> Media:
    file = SimpleUploadedFile("notes.txt", words, "text/plain")
    return operations.store_upload(file, purpose=Media.Purpose.ATTACHMENT, by=by)


def names(bucket) -> set[str]:
    return {one.key for one in bucket.objects.all()}


def test_uploads_lie_in_the_store_and_open_for_whom_they_should(as_, bucket, ben, cleo, settings):
    assert not settings.MEDIA_ACCEL
    media = upload(ben)
    assert names(bucket) == {f"{media.folder}/file"}
    answer = as_(ben).get(media.url())
    assert b"".join(answer.streaming_content) == b"what we said\n"
    assert as_(cleo).get(media.url()).status_code == 404
    part = as_(ben).get(media.url(), headers={"range": "bytes=5-6"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"we")
    picture = SimpleUploadedFile("me.png", factories.picture(), "image/png")
    face = operations.store_upload(picture, purpose="avatar", by=ben)
    assert as_(ben).get(face.url("small")).status_code == 200


def test_what_is_discarded_is_gone_from_the_store(bucket, ben, django_capture_on_commit_callbacks):
    media = upload(ben)
    with django_capture_on_commit_callbacks(execute=True):
        operations.discard(media, by=ben)
    assert names(bucket) == set()


def test_a_file_of_an_upload_that_failed_is_swept(bucket, ben):
    from datetime import timedelta

    kept = upload(ben)
    storages["default"].save("zz/orphan/file", ContentFile(b"left by a crash"))
    assert operations.sweep_folders(timedelta(seconds=-1)) == 1
    assert names(bucket) == {f"{kept.folder}/file"}


def test_the_front_server_gets_an_address_for_a_minute_a_file_and_a_method(
    as_, bucket, ben, cleo, settings
):
    settings.MEDIA_ACCEL = "/protected/"
    media = upload(ben)
    answer = as_(ben).get(media.url())
    assert answer.content == b""
    there = urlsplit(answer["X-Accel-Redirect"])
    said = parse_qs(there.query)
    assert there.path == f"/protected/{BUCKET}/{media.folder}/file"
    assert said["X-Amz-Expires"] == ["60"]
    assert said["X-Amz-SignedHeaders"] == ["host"]
    assert said["response-content-type"] == ["text/plain"]
    assert said["response-content-disposition"][0].startswith("attachment")
    assert answer["Cache-Control"] == "private, no-store"
    head = parse_qs(urlsplit(as_(ben).head(media.url())["X-Accel-Redirect"]).query)
    assert head["X-Amz-Signature"] != said["X-Amz-Signature"]
    hidden = as_(cleo).get(media.url())
    assert hidden.status_code == 404
    assert "X-Accel-Redirect" not in hidden
    assert "word" not in str(answer.headers)  # never the key itself


def test_no_page_sends_a_browser_to_the_store(as_, bucket, ben, settings, store):
    settings.MEDIA_ACCEL = "/protected/"
    media = upload(ben)
    answer = as_(ben).get(media.url())
    assert answer.status_code == 200
    assert "Location" not in answer
    assert urlsplit(store).netloc not in answer["X-Accel-Redirect"]


def test_the_copy_of_ones_data_lies_there_too_and_goes(as_, bucket, ben):
    rights.ask_for_export(by=ben)
    export = DataExport.objects.get()
    rights.make_export(export.pk)
    assert names(bucket) == {export.stored_as}
    from community import exports

    exports.forget(DataExport.objects.all())
    assert names(bucket) == set()


def test_a_backup_holds_what_lies_in_the_store_but_no_copies(bucket, ben):
    media = upload(ben)
    storages["default"].save("exports/token/my-record.zip", ContentFile(b"somebody's"))
    assert list(making.stored()) == [f"{media.folder}/file"]
    assert b"".join(making._pieces(f"{media.folder}/file")) == b"what we said\n"


def test_a_store_that_is_away_refuses_uploads_with_a_sentence(as_, bucket, ben, settings):
    gone = settings.STORAGES["default"]["OPTIONS"] | {
        "endpoint_url": f"http://127.0.0.1:{free_port()}"
    }
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": gone}
    }
    file = SimpleUploadedFile("notes.txt", b"words\n", "text/plain")
    answer = as_(ben).post("/media/", {"file": file})
    assert answer.status_code == 507
    assert "no room for this file" in answer.json()["error"]
    assert not Media.objects.exists()
    assert [one.is_bad for one in doctor.uploads()] == [True]


def test_the_doctor_sees_a_store_that_is_closed_and_one_that_is_open(bucket, ben):
    assert [one.what for one in doctor.uploads()] == ["can be written, and the newest are there"]
    assert names(bucket) == set()
    bucket.Acl().put(ACL="public-read")
    storages["default"].default_acl = "public-read"
    (finding,) = doctor.uploads()
    assert finding.is_bad
    assert "hands files out to everybody" in finding.what


ANSWERS = {
    "MEDIA_S3_BUCKET": "uploads",
    "MEDIA_S3_ENDPOINT": "https://s3.example.org",
    "MEDIA_S3_KEY_ID": "key",
    "MEDIA_S3_SECRET": "word",
}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"MEDIA_S3_SECRET": ""}, "MEDIA_S3_KEY_ID and MEDIA_S3_SECRET"),
        ({"MEDIA_S3_ENDPOINT": "http://s3.example.org"}, "must be an https:// address"),
        ({"MEDIA_S3_ENDPOINT": "s3.example.org"}, "must be an https:// address"),
    ],
)
def test_settings_that_would_not_be_safe_stop_the_start(monkeypatch, changed, sentence):
    for name, value in (ANSWERS | changed).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=sentence):
        Environment(ROOT).media_storage()


def test_without_a_bucket_uploads_lie_in_a_folder(monkeypatch):
    monkeypatch.delenv("MEDIA_S3_BUCKET", raising=False)
    assert Environment(ROOT).media_storage()["BACKEND"].endswith("FileSystemStorage")


# nginx itself

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def the_location(store: str) -> str:
    """The location that deploy/nginx.conf offers, as an operator would fill it in."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    part = text[text.index("    # location /protected/ {") :]
    lines = re.match(r"(?:    #[^\n]*\n)+", part)[0].splitlines()
    found = "\n".join(line.removeprefix("    # ") for line in lines)
    assert "https://s3.example.org/" in found
    found = found.replace("https://s3.example.org", store)
    return found.replace("s3.example.org", urlsplit(store).netloc)


@pytest.mark.skipif(not NGINX, reason="nginx is not installed here")
def test_nginx_fetches_what_was_signed_and_nothing_else(
    as_, bucket, store, ben, settings, tmp_path
):
    settings.MEDIA_ACCEL = "/protected/"
    media = upload(ben)
    redirect = as_(ben).get(media.url())["X-Accel-Redirect"]
    port, config = free_port(), tmp_path / "nginx.conf"
    config.write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;\n"
        "events {}\nhttp {\n access_log off;\n"
        + "".join(
            f" {kind}_temp_path {tmp_path}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + f" server {{ listen 127.0.0.1:{port};\n{the_location(store)}\n"
        # What the site answers with: its header, and nothing more.
        f" location = /site {{ proxy_pass http://127.0.0.1:{port}/asked; }}\n"
        f' location = /asked {{ add_header X-Accel-Redirect "{redirect}"; return 200; }}\n'
        " }\n}\n"
    )
    server = subprocess.Popen([NGINX, "-p", str(tmp_path), "-c", str(config)])
    try:
        answer = ask(f"http://127.0.0.1:{port}/site")
        assert answer.read() == b"what we said\n"
        assert answer.headers["Content-Type"] == "text/plain"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert not [name for name in answer.headers if name.lower().startswith("x-amz-id")]
        part = ask(f"http://127.0.0.1:{port}/site", Range="bytes=0-3")
        assert (part.status, part.read()) == (206, b"what")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            ask(f"http://127.0.0.1:{port}{redirect}")  # directly it does not exist
    finally:
        server.terminate()
        server.wait(10)


def ask(address: str, **headers: str):
    request = urllib.request.Request(address, headers=headers)
    for _try in range(50):
        try:
            return urllib.request.urlopen(request, timeout=5)
        except urllib.error.HTTPError:
            raise
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("nginx does not answer.")
