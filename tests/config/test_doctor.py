"""The doctor: every finding says what, why and what cures it; it always finishes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from community import audit, doorbell
from community.models import OutboxMail
from community.tasks import heartbeat
from config import doctor
from config.backup import shelf
from config.doctor import beside, database, files
from config.doctor import settings as told

pytestmark = pytest.mark.django_db


def states(found) -> dict[str, str]:
    return {finding.name: finding.state for finding in found}


def only(found) -> doctor.Finding:
    (finding,) = [one for one in found if one.state != doctor.WELL]
    return finding


@pytest.fixture(autouse=True)
def _real(settings, tmp_path):
    settings.EMBEDDED = False
    settings.TRIAL = False
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.BACKUP_DIR.mkdir()
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BACKUP_KEY = "a long passphrase for this test"


def test_whatever_is_not_well_says_why_and_how_to_cure_it():
    for finding in doctor.examine():
        assert finding.what
        if finding.state != doctor.WELL:
            assert finding.why, finding
            assert finding.cure, finding


def test_an_examination_that_breaks_is_a_finding_and_not_the_end():
    def breaks():
        yield doctor.well("x", "so far")
        raise ConnectionError("away\nand more")

    (found,) = doctor._look("x", breaks)
    assert found.is_bad
    assert found.what == "Could not be examined: away"


def test_the_command_tells_machines_and_ends_with_one_if_something_is_bad(monkeypatch):
    out = StringIO()
    bad = doctor.bad("mail server", "None is set.", why="w", cure="c")
    monkeypatch.setattr(doctor, "examine", lambda **_: [doctor.well("database", "fine"), bad])
    with pytest.raises(SystemExit) as end:
        call_command("doctor", "--json", stdout=out)
    assert end.value.code == 1
    said = json.loads(out.getvalue())
    assert said["well"] is False
    assert said["findings"][1]["cure"] == "c"
    monkeypatch.setattr(doctor, "examine", lambda **_: [doctor.well("database", "fine")])
    call_command("doctor", stdout=out)
    assert "1 well, 0 to look at, 0 bad." in out.getvalue()


# Database


def test_a_whole_database_is_well():
    for look in (database.server, database.extensions, database.clock, database.migrations):
        assert {finding.state for finding in look()} == {doctor.WELL}


def test_a_missing_extension_is_named_with_the_command_that_brings_it(monkeypatch):
    monkeypatch.setattr(database, "EXTENSIONS", ("pg_trgm", "no_such_thing"))
    finding = only(database.extensions())
    assert "no_such_thing" in finding.what
    assert "CREATE EXTENSION no_such_thing" in finding.cure


def test_a_migration_that_is_not_applied_is_named():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'polls' OR app = 'groups'")
    assert "groups.0001_initial" in only(database.migrations()).what


def test_a_clock_that_is_wrong_is_told(monkeypatch):
    late = datetime.now(UTC) - timedelta(seconds=90)
    monkeypatch.setattr(database, "_ask", lambda *_: (late,))
    assert "90 seconds" in only(database.clock()).what


def test_behind_pgbouncer_the_limits_stand_at_the_role(settings):
    assert only_state(database.limits()) == doctor.WELL
    settings.PGBOUNCER = True
    finding = only(database.limits())
    assert "statement_timeout" in finding.what
    with connection.cursor() as cursor:
        for limit in database.LIMITS:
            cursor.execute(f"ALTER ROLE CURRENT_USER SET {limit} = '5s'")
    assert only_state(database.limits()) == doctor.WELL


def only_state(found) -> str:
    (finding,) = found
    return finding.state


def test_an_audit_log_that_was_changed_is_bad():
    audit.record("site.begun", by=None)
    audit.record("site.restored", by=None)
    assert only_state(database.audit_log()) == doctor.WELL
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE community_auditentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE community_auditentry SET reason = 'nothing' WHERE number = 1")
        cursor.execute("ALTER TABLE community_auditentry ENABLE TRIGGER USER")
    finding = only(database.audit_log())
    assert finding.is_bad
    assert "entry 1" in finding.what


def test_an_audit_log_that_was_written_anew_is_known_by_what_a_backup_noted(settings):
    audit.record("site.begun", by=None)
    assert only_state(database.audit_log()) == doctor.WELL
    backup = settings.BACKUP_DIR / shelf.name_for(timezone.now())
    backup.write_bytes(b"x")
    shelf.write_note(backup, {"audit": [1, "0" * 64]})
    assert "noted head" in only(database.audit_log()).what


# Beside the pages


def test_a_worker_that_gives_no_sign_is_bad():
    cache.delete(doorbell.HEARTBEAT)
    assert only(beside.worker()).is_bad
    heartbeat()
    assert only_state(beside.worker()) == doctor.WELL


def test_valkey_away_is_told(settings):
    assert only_state(beside.valkey()) == doctor.WELL
    settings.REDIS_URL = "redis://127.0.0.1:1"
    assert "does not answer" in only(beside.valkey()).what


def test_letters_that_wait_are_told_without_saying_for_whom(settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    OutboxMail.objects.create(
        to="ada@example.org",
        subject="s",
        created_at=timezone.now() - timedelta(hours=2),
        error="SMTPRecipientsRefused: {'ada@example.org': (450, b'later')}",
    )
    finding = only(beside.outbox())
    assert "120 minutes" in finding.what
    assert "SMTPRecipientsRefused" in finding.what
    assert "ada@" not in finding.what


def test_no_mail_server_and_an_unreachable_one_are_bad(settings):
    settings.MAIL_TRANSPORT = ""
    assert only(beside.mail_server("")).is_bad
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert "ConnectionRefusedError" in only(beside.mail_server("")).what


# Settings


def test_a_weak_key_and_hosts_that_do_not_fit_are_bad(settings):
    settings.SECRET_KEY = "short"
    assert only(told.secret_key()).is_bad
    settings.SECRET_KEY = "2Vb8f0xq1mZk7pLw9Rt5Yh3Nc6Jd4Gs8Aa1Ee0Uu"
    assert only_state(told.secret_key()) == doctor.WELL
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["union.example.org"], "https://other.example.org"
    assert "other.example.org" in only(told.hosts()).what
    settings.SITE_URL = "https://union.example.org"
    assert only_state(told.hosts()) == doctor.WELL
    settings.ALLOWED_HOSTS = []
    assert only(told.hosts()).is_bad


# Files


def test_no_backup_an_old_one_and_an_untested_one(settings):
    assert "There is none" in only(files.backups()).what
    old = settings.BACKUP_DIR / shelf.name_for(timezone.now() - timedelta(days=3))
    old.write_bytes(b"x")
    assert [finding.state for finding in files.backups()] == [doctor.BAD, doctor.ODD]
    new = settings.BACKUP_DIR / shelf.name_for(timezone.now())
    new.write_bytes(b"x")
    assert "never restored" in only(files.backups()).what.replace("was ever", "never")
    shelf.note_tested(old, timezone.now())
    assert {finding.state for finding in files.backups()} == {doctor.WELL}
    settings.BACKUP_KEY = ""
    assert "BACKUP_KEY" in only(files.backups()).what


def test_old_backups_go_and_the_newest_stays(settings):
    folder, now = settings.BACKUP_DIR, timezone.now()
    paths = [folder / shelf.name_for(now - timedelta(days=days)) for days in (50, 40, 36)]
    for path in paths:
        path.write_bytes(b"x")
        shelf.write_note(path, {})
    assert len(shelf.forget_older_than(folder, 35, now)) == 2
    assert [one.path for one in shelf.kept(folder)] == [paths[2]]
    assert sorted(path.name for path in folder.iterdir()) == [
        paths[2].name, f"{paths[2].name}.json"
    ]  # fmt: skip


def test_uploads_that_others_may_read_are_bad(settings):
    settings.MEDIA_ROOT.mkdir(mode=0o755)
    settings.MEDIA_ROOT.chmod(0o755)
    assert "every user of this machine" in only(files.uploads()).what
    settings.MEDIA_ROOT.chmod(0o750)
    assert only_state(files.uploads()) == doctor.WELL


def test_little_room_is_bad(monkeypatch):
    monkeypatch.setattr(files, "LITTLE_ROOM", 10**18)
    assert {finding.state for finding in files.room()} == {doctor.BAD}


def test_no_room_to_pack_a_copy_of_data_is_seen(settings):
    settings.STORAGE_PER_MEMBER_MB = 10**9
    found = only(files.copies())
    assert str(settings.MEDIA_ROOT) in found.what
    assert found.state == doctor.ODD
    settings.STORAGE_PER_MEMBER_MB = 1
    assert only_state(files.copies()) == doctor.WELL


def test_statics_that_are_not_collected_are_bad(settings, tmp_path):
    settings.STATIC_HASHED, settings.STATIC_ROOT = True, tmp_path
    assert only(files.static_files()).is_bad
    (tmp_path / "staticfiles.json").write_text("{}")
    assert only_state(files.static_files()) == doctor.WELL


def test_a_translation_that_is_older_than_its_source_is_bad(settings, tmp_path):
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text("")
    settings.LOCALE_PATHS = [tmp_path]
    assert "es" in only(files.translations()).what
    (folder / "django.mo").write_text("")
    assert only_state(files.translations()) == doctor.WELL
