"""Knows how fast mail goes to one domain, and which domains ask for patience.

Providers judge who sends a lot at once. So no domain gets more than ``MAIL_PACE`` letters a minute,
and one that refuses several in a row gets none for a while. What somebody waits for, a code, is
never held up by either.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, F
from django.utils import timezone

from community.models import MailDomain, OutboxMail

MINUTE = timedelta(minutes=1)
PATIENT_AFTER = 5
"""Refusals in a row, without a letter taken between them."""
LONGEST_PAUSE = timedelta(hours=4)


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower().rstrip(">")[:255]


def full_domains() -> list[str]:
    """Domains that get nothing more now: paused, or at their pace."""
    now = timezone.now()
    paused = MailDomain.objects.filter(paused_until__gt=now).values_list("domain", flat=True)
    full = (
        OutboxMail.objects.filter(taken_at__gt=now - MINUTE)
        .values("domain")
        .annotate(n=Count("pk"))
        .filter(n__gte=settings.MAIL_PACE)
        .values_list("domain", flat=True)
    )
    return sorted({*paused, *full})


def was_refused(domain: str, said: str) -> None:
    """For now, by the server: after several in a row it is left alone, longer each time."""
    now = timezone.now()
    row, _made = MailDomain.objects.get_or_create(domain=domain)
    MailDomain.objects.filter(pk=domain).update(
        refused_in_row=F("refused_in_row") + 1, error=said[:300], updated_at=now
    )
    rounds = row.refused_in_row + 1 - PATIENT_AFTER
    if rounds >= 0:
        pause = min(timedelta(minutes=5) * 2 ** min(rounds, 10), LONGEST_PAUSE)
        MailDomain.objects.filter(pk=domain).update(paused_until=now + pause)


def was_taken(domain: str) -> None:
    MailDomain.objects.filter(pk=domain).delete()


def try_again(domain: str) -> None:
    """Somebody says that it is mended: its letters are due at once."""
    MailDomain.objects.filter(pk=domain).delete()
    OutboxMail.objects.waiting().filter(domain=domain).update(next_try_at=timezone.now())
