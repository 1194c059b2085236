"""Taking in a concern for somebody's safety, handling it, and talking with who reported it.

Each act stands in the concern's own log. The site's audit log hears only of those that the leads
handle, and never about whom: what is led past a lead is in no list that a lead could read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community import audit, feed, mail, moderation, safeguarding
from community.models import (
    Activity,
    Concern,
    ConcernEntry,
    ConcernParty,
    Item,
    Member,
    Space,
)
from community.policies import Refused

KEPT = timedelta(days=3 * 365)
"""How long a concern is kept after it was closed."""


@transaction.atomic
def receive_concern(
    *,
    category: str,
    words: str,
    by: Member | None,
    about: Member | None = None,
    about_words: str = "",
    item: Item | None = None,
    not_to: Iterable[Member] = (),
) -> tuple[Concern, str]:
    """Take it in; ``by`` is None for somebody who wants to stay unknown.

    Returns it and the code with which whoever reported it comes back: the only time it is known.
    Raises Refused.
    """
    if category not in Concern.Category.values:
        raise Refused(_("Choose what it is about."))
    if not words.strip():
        raise Refused(_("Say in your words what happened, or what you worry about."))
    if about is None and item is not None:
        about = item.author
    closed_to = {person.pk for person in not_to}
    closed_to |= safeguarding.named_in(f"{about_words} {words}") - {by.pk if by else None}
    if about is not None:
        closed_to.discard(about.pk)
    code = Concern.new_code()
    concern = Concern.objects.create(
        category=category,
        about=about,
        about_words=about_words.strip()[:200],
        item_id=item.pk if item is not None else None,
        snapshot=moderation.words_of(item) if item is not None else {},
        reporter=by,
        code_hash=Concern.hash(code),
        route=safeguarding.route_for(
            about=about.pk if about else None, reporter=by.pk if by else None, parties=closed_to
        ),
    )
    ConcernParty.objects.bulk_create(
        [ConcernParty(concern=concern, member_id=pk) for pk in closed_to]
    )
    _write(concern, ConcernEntry.Kind.FROM_REPORTER, by=None, text=words)
    _tell_handlers(concern)
    return concern, code


@transaction.atomic
def acknowledge_concern(concern: Concern, *, text: str, by: Member) -> Concern:
    """Say that one has read it and takes care of it: within 24 hours. Raises Refused."""
    concern = _lock(concern, by)
    if concern.acknowledged_at is not None:
        raise Refused(_("Somebody acknowledged this already."))
    concern.acknowledged_at, concern.handler = timezone.now(), by
    if concern.state == Concern.State.RECEIVED:
        concern.state = Concern.State.TRIAGED
    _save(concern, "acknowledged_at", "handler", "state")
    text = text.strip() or _("We read what you wrote, and somebody takes care of it.")
    _write(concern, ConcernEntry.Kind.TO_REPORTER, by=by, text=text)
    _tell_reporter(concern)
    _audit("safeguarding.acknowledged", concern, by=by)
    return concern


@transaction.atomic
def step_concern(concern: Concern, *, state: str, text: str, by: Member) -> Concern:
    """Take the next step, and say why. The words of an outcome go to who reported it."""
    concern = _lock(concern, by)
    safeguarding.can_step(by, concern, state).enforce()
    if not text.strip():
        raise Refused(_("Say in a line what you found or did: those after you rely on it."))
    concern.state = state
    concern.closed_at = timezone.now() if state == Concern.State.CLOSED else None
    concern.handler = concern.handler or by
    concern.acknowledged_at = concern.acknowledged_at or timezone.now()
    _save(concern, "state", "closed_at", "handler", "acknowledged_at")
    step = str(Concern.State(state).label)
    if state == Concern.State.OUTCOME:
        _write(concern, ConcernEntry.Kind.STATE, by=by, text=step)
        _write(concern, ConcernEntry.Kind.TO_REPORTER, by=by, text=text)
        _tell_reporter(concern)
    else:
        _write(concern, ConcernEntry.Kind.STATE, by=by, text=f"{step}: {text.strip()}")
    _audit("safeguarding.stepped", concern, by=by, state=state)
    return concern


@transaction.atomic
def note_concern(concern: Concern, *, text: str, by: Member) -> ConcernEntry:
    """A note for those who handle it; nobody else reads it."""
    concern = _lock(concern, by)
    return _write(concern, ConcernEntry.Kind.NOTE, by=by, text=text)


@transaction.atomic
def answer_reporter(concern: Concern, *, text: str, by: Member) -> ConcernEntry:
    """Write to who reported it, also if nobody knows who that is. Raises Refused."""
    concern = _lock(concern, by)
    entry = _write(concern, ConcernEntry.Kind.TO_REPORTER, by=by, text=text)
    concern.acknowledged_at = concern.acknowledged_at or timezone.now()
    concern.handler = concern.handler or by
    _save(concern, "acknowledged_at", "handler")
    _tell_reporter(concern)
    _audit("safeguarding.answered", concern, by=by)
    return entry


@transaction.atomic
def refer_concern(concern: Concern, *, to: str, text: str, by: Member) -> Concern:
    """Write down that it was passed to somebody outside: a service, an authority."""
    concern = _lock(concern, by)
    if not to.strip():
        raise Refused(_("Say to whom it was passed on."))
    concern.referred_to, concern.referred_at = to.strip()[:200], timezone.now()
    _save(concern, "referred_to", "referred_at")
    _write(concern, ConcernEntry.Kind.REFERRAL, by=by, text=f"{concern.referred_to}\n{text}")
    _audit("safeguarding.referred", concern, by=by)
    return concern


@transaction.atomic
def close_to(concern: Concern, *, person: Member, by: Member) -> Concern:
    """Somebody turns out to be connected: from now on it does not exist for them. That may be
    oneself. What they were told of it goes."""
    concern = _lock(concern, by)
    _lead_past(concern, {person.pk}, by=by)
    _tell_handlers(concern)
    return concern


@transaction.atomic
def write_to_handlers(concern: Concern, *, text: str, by: Member | None) -> ConcernEntry:
    """The reporter's side: ``by`` is who reported it, or None with the code. Raises Refused.

    Whoever of the handlers is named now loses it with all that was said, before it is told.
    """
    concern = Concern.objects.lock(concern)
    if by is not None and concern.reporter_id != by.pk:
        raise Refused(_("This is not yours."))
    entry = _write(concern, ConcernEntry.Kind.FROM_REPORTER, by=None, text=text)
    known = {concern.about_id, concern.reporter_id}
    known |= set(concern.parties.values_list("member", flat=True))
    if named := safeguarding.named_in(text) - known:
        _lead_past(concern, named, by=None)
    if concern.state in (Concern.State.OUTCOME, Concern.State.CLOSED):
        concern.state, concern.closed_at = Concern.State.APPEAL, None
    _save(concern, "state", "closed_at")
    _tell_handlers(concern)
    return entry


def sweep_unhandled() -> int:
    """Lead on what nobody can handle any more, as those who could went, rest or became a party to
    it; how many."""
    led = 0
    for pk in Concern.objects.exclude(state=Concern.State.CLOSED).values_list("pk", flat=True):
        with transaction.atomic():
            concern = Concern.objects.lock(Concern(pk=pk))
            if safeguarding.handlers(concern).exists():
                continue
            before, concern.handler = concern.route, None
            concern.route = _route(concern)
            if concern.route == before:
                continue
            _save(concern, "route", "handler")
            _write(
                concern, ConcernEntry.Kind.STATE, by=None, text=_("Led on: nobody could handle it.")
            )
            _tell_handlers(concern)
            led += 1
    return led


def sweep_concerns() -> int:
    """Forget concerns three years after they were closed; how many."""
    old = Concern.objects.filter(state=Concern.State.CLOSED, closed_at__lt=timezone.now() - KEPT)
    return old.delete()[1].get("community.Concern", 0)


# Parts


def _lock(concern: Concern, by: Member) -> Concern:
    concern = Concern.objects.lock(concern)
    safeguarding.can_handle(by, concern).enforce()
    return concern


def _route(concern: Concern) -> str:
    parties = set(concern.parties.values_list("member", flat=True))
    return safeguarding.route_for(
        about=concern.about_id, reporter=concern.reporter_id, parties=parties
    )


def _lead_past(concern: Concern, people: set[int], *, by: Member | None) -> None:
    """From now on it does not exist for these; what anybody was told of it goes."""
    for pk in people:
        ConcernParty.objects.get_or_create(concern=concern, member_id=pk)
    if concern.handler_id in people:
        concern.handler = None
    concern.route = _route(concern)
    _save(concern, "route", "handler")
    Activity.objects.filter(verb="safeguarding.received", data__concern=str(concern.pk)).delete()
    _write(concern, ConcernEntry.Kind.STATE, by=by, text=_("Led past somebody who is connected."))


def _save(concern: Concern, *fields: str) -> None:
    concern.stirred_at = timezone.now()
    concern.save(update_fields=[*fields, "stirred_at"])


def _write(concern: Concern, kind: str, *, by: Member | None, text: str) -> ConcernEntry:
    if not text.strip():
        raise Refused(_("Write something first."))
    return ConcernEntry.objects.create(concern=concern, kind=kind, by=by, text=text.strip()[:4000])


def _audit(action: str, concern: Concern, *, by: Member, **data: str) -> None:
    if concern.route == Concern.Route.LEAD:
        audit.record(action, by=by, **data)


def _tell_handlers(concern: Concern) -> None:
    feed.record(
        "safeguarding.received",
        actor=None,
        space=Space.objects.root(),
        concern=str(concern.pk),
    )
    for person in safeguarding.handlers(concern):  # few, and they must not find it by chance
        letter = mail.Letter(waits_at="safeguarding")
        mail.send("safeguarding.received", to=person.email, letter=letter)


def _tell_reporter(concern: Concern) -> None:
    if concern.reporter_id is not None:
        feed.record(
            "safeguarding.answered",
            actor=None,
            space=Space.objects.root(),
            member=concern.reporter_id,
            concern=str(concern.pk),
        )
