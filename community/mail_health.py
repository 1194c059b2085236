"""Knows how the mail of the site is doing: what waits, what is late, who takes none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import MailDomain, Member, OutboxMail, ReceivedMail, Suppression
from community.notices import given_up
from community.policies import is_staff_admin
from community.registry import Act, DeskPlace, Due, registry

LATE = timedelta(minutes=15)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Domain:
    name: str
    waiting: int
    refused: int
    paused_until: datetime | None
    error: str


@dataclass(frozen=True)
class Health:
    leaves: bool
    """Whether there is a mail server to give it to."""
    waiting: int
    late: int
    oldest: datetime | None
    sent: int
    given_up: int
    suppressed: int
    posted: int
    refused: int
    domains: list[Domain]

    @property
    def is_well(self) -> bool:
        return not (self.late or self.domains or not self.leaves)


def health() -> Health:
    """Counted; four queries."""
    now = timezone.now()
    waiting = Q(sent_at=None, failed_at=None)
    found = OutboxMail.objects.aggregate(
        waiting=Count("pk", filter=waiting),
        late=Count("pk", filter=waiting & Q(created_at__lt=now - LATE)),
        oldest=Min("created_at", filter=waiting),
        sent=Count("pk", filter=Q(sent_at__gt=now - DAY)),
        given_up=Count("pk", filter=Q(failed_at__isnull=False)),
    )
    came = ReceivedMail.objects.filter(created_at__gt=now - DAY).aggregate(
        posted=Count("pk", filter=Q(outcome=ReceivedMail.Outcome.POSTED)),
        refused=Count("pk", filter=Q(outcome=ReceivedMail.Outcome.REFUSED)),
    )
    return Health(
        leaves=bool(settings.MAIL_TRANSPORT),
        suppressed=Suppression.objects.in_force().count(),
        domains=_domains(),
        **found,
        **came,
    )


def reason(error: str) -> str:
    """Why a letter was given up, in words; of what has none, the name it was given."""
    name = error.partition(":")[0]
    return str(_REASONS.get(name, name))


_REASONS = {
    "SMTPRecipientsRefused": _("their server takes nothing for this address"),
    "SMTPSenderRefused": _("their server takes nothing from us"),
    "SMTPDataError": _("their server did not want this letter"),
    "SMTPServerDisconnected": _("the line broke while it was sent"),
    "SMTPAuthenticationError": _("our mail server does not accept our password"),
    "SMTPConnectError": _("our mail server did not answer"),
    "ConnectionRefusedError": _("our mail server did not answer"),
    "TimeoutError": _("our mail server did not answer in time"),
}


def _domains() -> list[Domain]:
    """Domains whose servers ask for patience, the worst first; twenty at most."""
    rows = list(MailDomain.objects.order_by("-refused_in_row", "domain")[:20])
    waits = dict(
        OutboxMail.objects.waiting()
        .filter(domain__in=[row.domain for row in rows])
        .values_list("domain")
        .annotate(n=Count("pk"))
        .values_list("domain", "n")
    )
    return [
        Domain(
            row.domain, waits.get(row.domain, 0), row.refused_in_row, row.paused_until, row.error
        )
        for row in rows
    ]


def due(member: Member) -> Due:
    """For the desk: letters that wait too long, and what nobody could be told of."""
    untold = given_up.untold().aggregate(n=Count("pk"), since=Min("given_up_at"))
    found = {"n": 0, "since": None}
    if settings.MAIL_TRANSPORT:
        late = OutboxMail.objects.waiting().filter(created_at__lt=timezone.now() - LATE)
        found = late.aggregate(n=Count("pk"), since=Min("created_at"))
    number = found["n"] + untold["n"]
    return Due(number, found["since"] or untold["since"], late=bool(number))


def hidden(address: str) -> str:
    """An address for eyes that need not know whose it is: a…@example.org."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def looks_after(member: Member | None) -> bool:
    return is_staff_admin(member)


registry.add(
    DeskPlace(
        name="community.mail",
        label=_("Mail"),
        icon="mail",
        url_name="desk_mail",
        may=looks_after,
        count=due,
        order=85,
        hint=_("What waits, which servers ask for patience, which addresses rest."),
        hue="guide",
    ),
    Act("mail.retried", _("Tried waiting mail again"), told=False),
    Act("notices.retried", _("Tried again what could not be told"), told=False),
    Act("mail.unsuppressed", _("Let us write to an address again")),
)
