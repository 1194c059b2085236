"""What a new release needs, in one command and in the right order."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from config import doctor, prepare
from config.backup import making

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet(settings, tmp_path, monkeypatch):
    settings.SECRET_KEY = "2Vb8f0xq1mZk7pLw9Rt5Yh3Nc6Jd4Gs8Aa1Ee0Uu"
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(prepare, "collect_static", lambda say: say("collected"))
    # Browser tests in the same process set DJANGO_ALLOW_ASYNC_UNSAFE, which no site may run with.
    settings.SILENCED_SYSTEM_CHECKS = [*settings.SILENCED_SYSTEM_CHECKS, "async.E001"]


def test_with_nothing_new_nothing_is_backed_up(capsys, settings):
    call_command("upgrade")
    said = capsys.readouterr().out
    assert "Migrations: none new." in said
    assert "collected" in said
    assert "restart the processes" in said
    assert not settings.BACKUP_DIR.exists()


def test_before_a_migration_there_is_a_backup_or_nothing_is_changed(settings):
    settings.BACKUP_KEY = ""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    with pytest.raises(CommandError, match=r"BACKUP_KEY is not set.*Nothing was changed"):
        call_command("upgrade")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations WHERE app = 'sessions'")
        assert cursor.fetchone() == (0,)


def test_an_image_that_brings_its_statics_is_not_written_to(capsys):
    call_command("upgrade", no_static=True)
    assert "collected" not in capsys.readouterr().out


def test_it_ends_with_one_if_the_site_would_not_be_well(monkeypatch):
    bad = doctor.bad("database", "away", why="w", cure="c")
    monkeypatch.setattr(doctor, "examine", lambda **_: [bad])
    with pytest.raises(SystemExit) as end:
        call_command("upgrade")
    assert end.value.code == 1


def test_it_waits_for_no_process_that_cannot_run_yet(monkeypatch):
    asked = []
    monkeypatch.setattr(doctor, "examine", lambda only: asked.append(set(only)) or [])
    call_command("upgrade")
    assert not asked[0] & {"worker and clock", "front server", "mail server", "outbox"}


def test_a_key_is_long_and_new_each_time():
    assert len(making.new_key()) >= 40
    assert making.new_key() != making.new_key()
