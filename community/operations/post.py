"""Looking after the mail and notices of the site: trying again, and writing to an address again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import audit, pace
from community.mail_health import looks_after
from community.models import MailDomain, MailTrouble, Member, OutboxMail, Suppression
from community.notices import given_up
from community.policies import Refused

_WHO = _("Administrators look after the mail.")


@transaction.atomic
def retry_mail(*, by: Member, domain: str = "") -> int:
    """What waits is due now: of one domain, or all of it; how many letters. Raises Refused."""
    from community.tasks import deliver_mail

    if not looks_after(by):
        raise Refused(_WHO)
    if domain:
        number = OutboxMail.objects.waiting().filter(domain=domain).count()
        pace.try_again(domain)
    else:
        MailDomain.objects.update(paused_until=None)
        number = OutboxMail.objects.waiting().update(next_try_at=timezone.now())
    audit.record("mail.retried", by=by, number=number)
    deliver_mail.delay_on_commit()
    return number


@transaction.atomic
def retry_lost(*, by: Member) -> int:
    """What could not be told, mailed or pushed is tried as if it were new; how many of it. Raises
    Refused."""
    from community.tasks import deliver_untold, send_notices, send_pushes

    if not looks_after(by):
        raise Refused(_WHO)
    number = given_up.try_again()
    audit.record("notices.retried", by=by, number=number)
    for task in (deliver_untold, send_notices, send_pushes):
        task.delay_on_commit()
    return number


@transaction.atomic
def end_suppression(held: Suppression, *, by: Member) -> None:
    """Write to this address again: somebody says that it takes mail. Raises Refused."""
    if not looks_after(by):
        raise Refused(_WHO)
    MailTrouble.objects.filter(address=held.address).delete()
    person = Member.objects.filter(email__iexact=held.address).first()
    audit.record("mail.unsuppressed", by=by, person=person, why=held.why)
    held.delete()
