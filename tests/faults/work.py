"""Every task of the site, with something to do: once, or by several workers at the same time."""

from __future__ import annotations

import inspect
import io
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

LATER = [timedelta(), timedelta(days=2), timedelta(days=40)]
"""The clock's work is done today, and again when time has passed over everything."""
DAY = timedelta(days=1)
NOT_COMPARED = {
    # When and how often something is tried follows the clock and the pace of each domain.
    "community_outboxmail": {"sent_at", "failed_at", "attempts", "error", "taken_at"},
    "community_delivery": {"attempts"},
    "community_maildomain": None,
}


def lay_out(_: object) -> list[str]:
    """Something to do for every task; the names of all tasks."""
    from django.core.files.base import ContentFile
    from PIL import Image

    from community.models import Leaving, Media, Member, NoticeSettings
    from community.operations import leaving, rights
    from community.operations.media import store_upload
    from community.sessions import SessionStore
    from tests.faults.inside import digests_due, happen, letters

    members = list(
        Member.objects.present().filter(onboarded_at__isnull=False).order_by("pk")[20:40]
    )
    happen(20)
    happened_to = NoticeSettings.objects.order_by("pk").values("member")[:20]
    letters(30)
    for member in members[:3]:
        rights.ask_for_export(by=member)
    picture = io.BytesIO()
    Image.new("RGB", (60, 60), "red").save(picture, "PNG")
    for member in members[:3]:
        file = ContentFile(picture.getvalue(), "red.png")
        store_upload(file, purpose=Media.Purpose.ATTACHMENT, by=member)
    _record(members[0])
    for member in members[3:6]:
        leaving.leave_community(member, words=Leaving.Words.GO, by=member)
    _arrive(members[17:20])
    SessionStore().create()
    # Twenty digests say as much as two hundred.
    few = list(NoticeSettings.objects.order_by("pk").values_list("pk", flat=True)[:20])
    NoticeSettings.objects.exclude(pk__in=few).update(digest="never")
    digests_due(0)
    NoticeSettings.objects.filter(member__in=members[6:9]).update(next_digest_at=None)
    _announce()
    _limit(members[9:12])
    _fall_silent(members[12:15])
    _push_to(list(Member.objects.filter(pk__in=happened_to)[:4]))
    _report(members[15:17])
    return sorted(_tasks())


def _record(member: Any) -> None:
    """A voice that was just recorded, and one that nobody was rung for."""
    from django.core.files.base import ContentFile

    from community.models import Media
    from community.operations.media import store_upload

    for age in (timedelta(minutes=10), timedelta()):
        file = ContentFile(b"OggS" + bytes(60), "voice note.ogg")
        media = store_upload(file, purpose=Media.Purpose.ATTACHMENT, by=member)
        Media.objects.filter(pk=media.pk).update(created_at=timezone.now() - age)


def _arrive(members: list) -> None:
    """People who have just come in, and whom nobody looks after yet."""
    from community.models import Activity, Member, Space
    from leadership.models import Welcome

    pks, now = [member.pk for member in members], timezone.now()
    Welcome.objects.filter(member__in=pks).delete()
    Member.objects.filter(pk__in=pks).update(joined_at=now, onboarded_at=now)
    for member in members:
        Activity.objects.create(verb="people.arrived", actor=member, space=Space.objects.root())


def _announce() -> None:
    from community.models import Membership, Ring, Space
    from community.operations import announcements

    root = Space.objects.root()
    steward = Membership.objects.filter(space=root, ring__gte=Ring.STEWARD).first().member
    words = {"en": {"title": "A fault is planned", "text": "Nothing is lost."}}
    plan = announcements.write_plan(root, by=steward, words=words)
    announcements.schedule_plan(plan, at=timezone.now() + timedelta(hours=2), by=steward)


def _limit(members: list) -> None:
    from community.operations import sanctions
    from tests.faults.talking import with_a_rule

    moderator, rule = with_a_rule()
    for member in members:
        sanctions.limit(member, by=moderator, rule=rule, reason="A fault.", days=3)


def _push_to(members: list) -> None:
    """All that concerns them goes to their devices at once."""
    from cryptography.hazmat.primitives.asymmetric import ec

    from community.models import Attention, NoticePreference
    from community.operations.push import add_device
    from community.web_push import _point, packed

    for member in members:
        NoticePreference.objects.filter(member=member, channel="push").delete()
        for attention in Attention.values:
            NoticePreference.objects.create(
                member=member, attention=attention, channel="push", value="now"
            )
        key = packed(_point(ec.generate_private_key(ec.SECP256R1()).public_key()))
        endpoint = f"https://fcm.googleapis.com/fcm/send/{member.pk}"
        add_device(member, endpoint=endpoint, key=key, secret=packed(bytes(16)), by=member)


def _report(members: list) -> None:
    """A comment that was reported and hidden; a concern that is long closed; a repetition."""
    from community.models import Comment, Concern, Fingerprint
    from community.operations import moderation
    from community.operations.reports import report_item
    from tests.faults.talking import with_a_rule

    moderator, rule = with_a_rule()
    said = Comment.objects.filter(author__in=members).first() or Comment.objects.first()
    by = next(member for member in members if member.pk != said.author_id)
    case = report_item(said.item_ptr, by=by, rule=rule, words="Look.").case
    moderation.hide_reported(case, rule=rule, reason="No.", by=moderator)
    Concern.objects.create(
        category=Concern.Category.values[0],
        state=Concern.State.CLOSED,
        route=Concern.Route.values[0],
        closed_at=timezone.now() - 1200 * DAY,
        code_hash="0" * 64,
    )
    Fingerprint.objects.create(digest="0" * 64, item=said.item_ptr, author=said.author)


def _fall_silent(members: list) -> None:
    """Supporters who were not here for more than a year."""
    from community.models import Member, Membership, Ring

    pks = [member.pk for member in members]
    Membership.objects.filter(member__in=pks).update(ring=Ring.PARTICIPANT)
    Member.objects.filter(pk__in=pks).update(last_seen_on=timezone.localdate() - 400 * DAY)


def work(hands: int) -> dict[str, Any]:
    """All that waits and all that the clock rings for, each by so many workers at once.

    Returns the state of every table, and which tasks changed anything.
    """
    from community import pace

    bells: list[tuple[str, tuple]] = []
    _hear(bells)
    pushed: list[str] = []
    _take_pushes(pushed)
    _encode()
    pace.full_domains = list  # how many letters a minute depends on how long a minute is
    changed: set[str] = set()
    tasks = _tasks()
    for later in LATER:
        with time_machine.travel(timezone.now() + later):
            for name in sorted(tasks, key=lambda name: (not _takes(tasks[name]), name)):
                for args in _given(name, tasks[name]):
                    _together(hands, tasks[name], args, changed)
            while bells:
                some = sorted(set(bells), key=repr)
                bells.clear()
                for name, args in some:
                    _together(hands, tasks[name], args, changed)
            _together(hands, tasks["community.tasks.deliver_mail"], (), changed)
    return {"state": _state(), "changed": sorted(changed), "pushed": sorted(pushed)}


def _tasks() -> dict[str, Any]:
    from config.celery import app

    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


def _given(name: str, task: Any) -> list[tuple]:
    """What a task is called with: nothing, or whatever waits for it."""
    from community.models import Activity, DataExport, Media, PushSubscription

    if not _takes(task):
        return [()]
    came = Activity.objects.filter(verb="people.arrived").order_by("-pk")
    rows = {
        "deliver": Activity.objects.order_by("-pk")[:10],
        "follow_up": came[:2],
        "welcome_newcomer": came[:2],
        "make_export": DataExport.objects.order_by("pk")[:2],
        "encode_recording": Media.objects.filter(mime="audio/ogg").order_by("-pk")[:1],
        "test_push": PushSubscription.objects.order_by("pk")[:2],
    }[name.rpartition(".")[2]]
    first = ("leadership.tasks.welcome_newcomer",) if name.endswith("follow_up") else ()
    return [(*first, row.pk) for row in rows]


def _takes(task: Any) -> bool:
    return bool(inspect.signature(task.run).parameters)


def _hear(bells: list) -> None:
    from community.doorbell import Doorbell

    def apply_async(self, args=(), kwargs=None, **_options):
        bells.append((self.name, tuple(args or ())))

    Doorbell.apply_async = apply_async


def _take_pushes(pushed: list[str]) -> None:
    """The push services of the world are not asked: whatever goes to them is taken."""
    from community import outside

    def post(url: str, *_: Any, **__: Any) -> outside.Answer:
        pushed.append(url)
        return outside.Answer(201, {})

    outside.post = post


def _encode() -> None:
    """Without ffmpeg, which not every machine has."""
    from community import voice

    voice.can_encode = lambda: True
    voice.encoded = lambda data, mime: b"encoded"


def _together(hands: int, task: Any, args: tuple, changed: set[str]) -> None:
    """At the very same moment, each with a connection of its own."""
    gate, broken = threading.Barrier(hands), []

    def one() -> None:
        from django.db import connection

        gate.wait()
        try:
            with connection.execute_wrapper(_noting(lambda: changed.add(task.name))):
                task.run(*args)
        except BaseException as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise broken[0]


def _noting(note: Callable[[], None]):
    def wrapped(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE") and (
            context["cursor"].rowcount > 0
        ):
            note()
        return result

    return wrapped


def _state() -> dict[str, list]:
    """Of every table: how many rows, in how many each column says something, sums of counters."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' ORDER BY 1, 2"
        )
        columns: dict[str, list[tuple[str, str]]] = {}
        for table, column, kind in cursor.fetchall():
            columns.setdefault(table, []).append((column, kind))
        for table, names in columns.items():
            left_out = NOT_COMPARED.get(table, set())
            if left_out is None:
                continue
            asked = ["count(*)"]
            for column, kind in names:
                if column in left_out:
                    continue
                if kind in ("integer", "smallint") and not column.endswith("_id"):
                    asked.append(f'sum("{column}")')
                elif kind in ("text", "character varying"):
                    asked.append(f"count(nullif(\"{column}\", ''))")
                else:
                    asked.append(f'count("{column}")')
            cursor.execute(f'SELECT {", ".join(asked)} FROM "{table}"')
            found[table] = [None if value is None else int(value) for value in cursor.fetchone()]
    return found


VERBS = (lay_out, work)
