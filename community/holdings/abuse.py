"""What keeps abuse small: hearings, posts held back, branches of invitations, lock-downs."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from community.models import Fingerprint, Hearing
from community.personal import Holding, declare

_CASE = _("a year after it was decided; that there was a measure stays, without names and words")

declare(
    Holding(
        model="community.Hearing",
        people=(),
        rows=lambda member: Hearing.objects.filter(measure__member=member),
        label=_("What you answered to a measure about you"),
        purpose=_("So that whoever decides has heard your side."),
        shelf="care",
        kept_words=_CASE,
        export=("answer", "answered_at", "confirmed_at", "answer_until"),
        erase=lambda member: Hearing.objects.filter(measure__member=member).update(answer=""),
        link="my_case",
    ),
    Holding(
        model="community.Branch",
        people=("person",),
        label=_("Measures for all who came by your invitations"),
        purpose=_("So that the same is judged the same way again."),
        shelf="care",
        kept_words=_CASE,
        export=("kind", "reason", "created_at", "decided_at", "agreed"),
        erase="unlink",
        link="my_case",
    ),
    Holding(
        model="community.Branch",
        people=("by", "decided_by"),
        label=_("Measures for a branch of invitations that you proposed or decided"),
        purpose=_("So that it is known who decided."),
        shelf="office",
        kept_words=_CASE,
        export=("kind", "created_at", "decided_at", "agreed"),
        erase="unlink",
    ),
    Holding(
        model="community.Held",
        people=("decided_by",),
        label=_("Held posts you decided about"),
        purpose=_("So that it is known who decided."),
        shelf="office",
        kept_words=_("as long as the post"),
        export=("created_at", "decided_at", "let_through"),
        erase="unlink",
    ),
    Holding(
        model="community.Fingerprint",
        people=("author",),
        label=_("Digests of what you posted in the last hours"),
        purpose=_("So that floods of the same words are noticed. The words are not in them."),
        shelf="said",
        kept=Fingerprint.KEPT,
        since="created_at",
        export=("created_at", "links"),
        erase="delete",
        at_once=True,
    ),
    Holding(
        model="community.LockDown",
        people=("by", "lifted_by"),
        label=_("When you shut the doors of the site, or opened them"),
        purpose=_("So that it is known who decided."),
        shelf="office",
        kept=timedelta(days=3 * 365),
        since="began_at",
        export=("reason", "began_at", "lifted_at"),
        erase="unlink",
    ),
)
