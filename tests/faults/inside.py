"""What only the site itself can do for these tests; prints one JSON object.

python -m tests.faults.inside VERB [JSON]
"""

from __future__ import annotations

import json
import os
import sys
from itertools import cycle

import django

from tests.faults import talking, work

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("STATEMENT_TIMEOUT", "0")


def people(number: int) -> list[dict]:
    """Signed-in cookies of people who may answer in one topic, and pages they read."""
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from community.models import Item, Member, Membership, Space

    settings.ALLOWED_HOSTS = ["*"]
    topic = Item.objects.filter(kind="groups.topic", hidden_at=None).order_by("-comment_count")[0]
    places = Item.objects.filter(kind="groups.topic", hidden_at=None, space=topic.space)[:10]
    root = Space.objects.root()
    belongs = Membership.objects.filter(space=topic.space, ring__gte=2, member__is_active=True)
    known = Membership.objects.filter(space=root).order_by("joined_at").values("member")
    members = Member.objects.filter(pk__in=belongs.values("member")).filter(pk__in=known)
    # The limits of new accounts are not what breaks here.
    Member.objects.filter(settled_at=None).update(settled_at=timezone.now())
    found = []
    for place, member in zip(cycle(places), members.order_by("joined_at")[:number]):
        client = Client()
        client.force_login(member, backend=settings.AUTHENTICATION_BACKENDS[0])
        pages = ["/", topic.space.get_absolute_url(), f"/topics/{topic.pk}/", "/groups/"]
        statuses = [client.get(page).status_code for page in pages]
        if set(statuses) != {200}:
            raise SystemExit(f"{pages} answered {statuses}")
        cookie = "; ".join(f"{key}={morsel.value}" for key, morsel in client.cookies.items())
        found.append(
            {
                "cookie": cookie,
                "csrf": client.cookies[settings.CSRF_COOKIE_NAME].value,
                "pages": pages,
                "reply": f"/items/{place.pk}/comments/add/",
            }
        )
    return found


def said(words: str) -> dict[str, int]:
    """How often each text with these words in it was kept."""
    from community.models import Comment

    texts = list(Comment.objects.filter(text__contains=words).values_list("text", flat=True))
    return {text: texts.count(text) for text in set(texts)}


def letters(number: int) -> int:
    from django.core.mail import send_mail

    for one in range(number):
        send_mail(f"Letter {one}", "Hello.", "site@example.org", [f"person{one}@example.org"])
    return number


def hurry(_: object) -> int:
    """Letters that wait for their next try are due now."""
    from django.utils import timezone

    from community.models import OutboxMail

    return OutboxMail.objects.waiting().update(next_try_at=timezone.now())


def waiting(_: object) -> dict[str, float | None]:
    """``beat``: seconds since a worker did what the clock asks of it every twenty."""
    from community import doorbell
    from community.models import Activity, OutboxMail

    return {
        "letters": OutboxMail.objects.waiting().count(),
        "sent": OutboxMail.objects.exclude(sent_at=None).count(),
        "given up": OutboxMail.objects.exclude(failed_at=None).count(),
        "untold": Activity.objects.filter(told_at=None).count(),
        "beat": doorbell.seconds_since_beat(),
    }


def whole(_: object) -> list[str]:
    """What would show that a fault left something half done."""
    from django.core.files.storage import default_storage
    from django.db.models import Count, F, OuterRef, Subquery

    from community.models import Activity, Comment, Item, Media, Notice, Room

    wrong = []
    shown = Comment.objects.filter(item=OuterRef("pk")).order_by().values("item")
    counted = Item.objects.annotate(
        real=Subquery(shown.annotate(n=Count("pk")).values("n")[:1])
    ).filter(comment_count__gt=F("real"))
    wrong += [
        f"item {pk} counts comments that are not there"
        for pk in counted.values_list("pk", flat=True)
    ]
    silent = Comment.objects.exclude(pk__in=Activity.objects.values("item")).filter(
        text__startswith="fault"
    )
    wrong += [f"comment {pk} was never recorded" for pk in silent.values_list("pk", flat=True)]
    twice = Notice.objects.values("member", "activity").annotate(n=Count("pk")).filter(n__gt=1)
    wrong += [f"a notice was written twice: {row}" for row in twice]
    beyond = Room.objects.filter(messages__seq__gt=F("last_seq")).distinct()
    wrong += [f"room {pk} counts less than was said" for pk in beyond.values_list("pk", flat=True)]
    for media in Media.objects.all():
        stored = media.stored_as("large" if media.is_image else "file")
        if stored and not default_storage.exists(stored):
            wrong.append(f"media {media.pk} has no file")
    return wrong


def sign_in(email: str) -> dict:
    """With the demo's password, as a browser does: the status of the page behind the door."""
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.get("/accounts/login/")
    answer = client.post("/accounts/login/", {"login": email, "password": "riverside-demo"})
    return {"status": answer.status_code, "inside": client.get("/notices/").status_code}


def upload(number: int) -> int:
    """Pictures in posts, as files in the folder of uploads."""
    import io

    from django.core.files.base import ContentFile
    from PIL import Image

    from community.models import Media, Member
    from community.operations.comments import post_comment
    from community.operations.media import store_upload

    for one, member in enumerate(Member.objects.order_by("pk")[:number]):
        picture = io.BytesIO()
        Image.effect_noise((400, 300), 50 + one).convert("RGB").save(picture, "JPEG")
        file = ContentFile(picture.getvalue(), f"{one}.jpg")
        media = store_upload(file, purpose=Media.Purpose.ATTACHMENT, by=member)
        post_comment(_topic(member), text=f"Look at number {one}.", by=member, media=[media.token])
    return number


def _topic(member) -> object:
    """A topic in which somebody may answer."""
    from community.models import Item

    spaces = [space for space, ring in member.rings.items() if ring >= 2]
    return Item.objects.filter(kind="groups.topic", space__in=spaces, hidden_at=None).first()


def mark(email: str) -> str:
    """Give somebody a name, a profile and a letter that can be found again."""
    from django.core.mail import send_mail

    from community.models import Member
    from community.operations.comments import post_comment

    canary = "canaryq7xz"
    member = Member.objects.get(email=email)
    Member.objects.filter(pk=member.pk).update(name=f"H {canary}", about=canary, area=canary)
    post_comment(_topic(member), text=f"This is {canary} speaking.", by=member)
    send_mail("For you", canary, "site@example.org", [email])
    return canary


def erase(email: str) -> int:
    from community import tombstones
    from community.models import Leaving, Member
    from community.operations import leaving

    member = Member.objects.get(email=email)
    left = leaving.leave_community(member, words=Leaving.Words.GO, by=member)
    leaving.clear(left)
    leaving.erase(Leaving.objects.get(pk=left.pk))
    return tombstones.write_list()


def happen(number: int) -> list[int]:
    """So many things happen that are owed to somebody, each rung for twice, and the mail too."""
    from community.models import Activity, Member, NoticeSettings
    from community.tasks import deliver, send_notices

    known = Member.objects.present().filter(onboarded_at__isnull=False)
    members = list(known.order_by("joined_at", "pk")[:20])
    # Who never chose rests by night: tests are run at night too.
    NoticeSettings.objects.bulk_create(
        [NoticeSettings(member=member) for member in members], ignore_conflicts=True
    )
    NoticeSettings.objects.update(quiet_from=None, quiet_to=None, resting_until=None)
    made = Activity.objects.bulk_create(
        [
            Activity(verb="rights.export_ready", data={"member": members[one % 20].pk})
            for one in range(number)
        ]
    )
    for activity in made:
        for _twice in range(2):
            deliver.delay_on_commit(activity.pk)
            send_notices.delay_on_commit()
    return [activity.pk for activity in made]


def came_of(pks: list[int]) -> dict:
    """Notices, ways and mails that came of these activities."""
    from community.models import Activity, Delivery, Notice, OutboxMail

    mailed = Delivery.objects.filter(activity__in=pks, channel="mail")
    reasons = [f"/notices/{pk}/why/" for pk in _notices_of(pks)]
    texts = list(OutboxMail.objects.values_list("body_text", flat=True))
    counts = [sum(reason in text for text in texts) for reason in reasons]
    return {
        "untold": Activity.objects.filter(pk__in=pks, told_at=None).count(),
        "notices": Notice.objects.filter(activity__in=pks).count(),
        "sent": mailed.exclude(sent_at=None).count(),
        "waiting": mailed.waiting().count(),
        "mails": sum(counts),
        "doubled": sum(count > 1 for count in counts),
        "last": {
            "told": _last(Notice.objects.filter(activity__in=pks), "created_at"),
            "mailed": _last(mailed, "sent_at"),
        },
    }


def _last(rows, moment: str) -> float:
    from django.db.models import Max

    last = rows.aggregate(last=Max(moment))["last"]
    return last.timestamp() if last else 0.0


def _notices_of(pks: list[int]) -> list[int]:
    from community.models import Notice

    return list(Notice.objects.filter(activity__in=pks).values_list("pk", flat=True))


def digests_due(times: int) -> int:
    """Everybody's digest of two weeks is due, and the clock rings for it so many times at once."""
    from datetime import timedelta

    from django.utils import timezone

    from community.models import NoticeSettings, OutboxMail
    from community.notices import digest
    from community.tasks import plan_digests, send_digests

    digest.plan()
    OutboxMail.objects.filter(subject__contains="new").delete()
    now = timezone.now()
    number = NoticeSettings.objects.exclude(digest="never").update(
        next_digest_at=now, digested_to=now - timedelta(days=14), resting_until=None
    )
    for _ in range(times):
        send_digests.delay_on_commit()
        plan_digests.delay_on_commit()
    return number


def digests(_: object) -> dict[str, int]:
    """How many are still due, how many were written, and to how many people more than one."""
    from collections import Counter

    from django.utils import timezone

    from community.models import NoticeSettings, OutboxMail

    due = NoticeSettings.objects.exclude(digest="never").filter(next_digest_at__lte=timezone.now())
    to = Counter(
        mail.to for mail in OutboxMail.objects.all() if "digest" in str(mail.body_text).lower()
    )
    return {
        "due": due.count(),
        "written": sum(to.values()),
        "twice": sum(number > 1 for number in to.values()),
    }


VERBS = (
    *talking.VERBS,
    *work.VERBS,
    happen,
    came_of,
    digests_due,
    digests,
    upload,
    mark,
    erase,
    people,
    said,
    letters,
    hurry,
    waiting,
    whole,
    sign_in,
)


def main() -> None:
    django.setup()
    verb = {one.__name__: one for one in VERBS}[sys.argv[1]]
    json.dump(verb(json.loads(sys.argv[2]) if len(sys.argv) > 2 else None), sys.stdout)


if __name__ == "__main__":
    main()
