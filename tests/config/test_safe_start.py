"""A site that others reach does not start with settings that would not keep their secrets."""

from __future__ import annotations

import pytest

from tests.shape.test_settings import PRODUCTION, READ, _start


def start(tmp_path, **change: str):
    return _start(READ, **PRODUCTION | change | {"DATA": str(tmp_path)})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"DEBUG": "1"}, "DEBUG is on"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is short or known"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is short or known"),
        ({"SECRET_KEY": "django-insecure-" + "abcdefghijkl" * 5}, "SECRET_KEY is short or known"),
        ({"SECRET_KEY": "only-for-development-0123456789abcdefghij"}, "SECRET_KEY is short"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS is"),
        ({"ALLOWED_HOSTS": "union.example.org,*"}, "ALLOWED_HOSTS is"),
        ({"TRIAL": "1", "STAFF_SECOND_FACTOR": "1"}, "TRIAL is on"),
        ({"HTTPS": "0"}, "HTTPS is 0"),
        ({"TRUSTED_PROXIES": "0"}, "TRUSTED_PROXIES is 0"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be line or json"),
        ({"SECRET_KEY_FILE": "/nowhere/key"}, "SECRET_KEY_FILE names /nowhere/key"),
    ],
)
def test_an_unsafe_setting_stops_the_start(tmp_path, change, sentence):
    done = start(tmp_path, **change)
    assert done.returncode != 0
    assert sentence in done.stderr


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    said = start(tmp_path, DEBUG="1", ALLOWED_HOSTS="*", SECRET_KEY="x").stderr
    assert all(word in said for word in ("DEBUG is on", "ALLOWED_HOSTS is", "SECRET_KEY is"))


def test_a_safe_site_starts(tmp_path):
    assert start(tmp_path).returncode == 0


@pytest.mark.parametrize("hosts", ["localhost", "localhost,127.0.0.1", "tequio.localhost"])
def test_a_developer_on_this_machine_is_left_alone(tmp_path, hosts):
    done = start(tmp_path, DEBUG="1", SECRET_KEY="x", ALLOWED_HOSTS=hosts, HTTPS="0")
    assert done.returncode == 0, done.stderr


def test_a_secret_may_stand_in_a_file_that_an_editor_has_ended(tmp_path):
    file = tmp_path / "url"
    file.write_text("postgres://tequio:word@db.internal:5432/tequio\n")
    code = READ.replace("print(", "print(settings.DATABASES['default']['NAME']); print(")
    done = _start(code, **PRODUCTION | {"DATABASE_URL_FILE": str(file), "DATA": str(tmp_path)})
    assert done.stdout.splitlines()[0] == "tequio", done.stderr


def test_behind_pgbouncer_nothing_is_left_in_a_session(tmp_path):
    code = (
        "import json, os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n"
        "import django\ndjango.setup()\nfrom django.conf import settings\n"
        "print(json.dumps(settings.DATABASES['default'], default=str))"
    )
    import json

    done = _start(code, **PRODUCTION | {"PGBOUNCER": "1", "DATA": str(tmp_path)})
    database = json.loads(done.stdout)
    assert "options" not in database["OPTIONS"]
    assert database["OPTIONS"]["prepare_threshold"] is None
    assert database["DISABLE_SERVER_SIDE_CURSORS"] is True
