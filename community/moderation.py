"""Knows who may decide about what was reported, who is a party to it, and what each may read of it.

Reporters are known to moderators only. Whoever decides is no party: not the person it is about, not
one of those who reported it, nobody who keeps apart from either of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import profiles
from community.models import (
    Block,
    Case,
    Item,
    Measure,
    MeasureAppeal,
    Media,
    Member,
    Membership,
    Message,
    Report,
    Ring,
    Space,
)
from community.policies import YES, Verdict, moderates, no
from community.registry import registry

PERSON, GROUP, MESSAGE = "person", "group", "message"
_DECIDE_NOW = _("This was hidden once to look closer. Now it is decided: hide it, or leave it.")


# Who may do what


def known(pk: int, reader: Member) -> Member | None:
    """Somebody to report: whose profile or name the reader reads, or whom they blocked."""
    rows = Member.objects.select_related("avatar")
    found = rows.visible_to(reader).filter(pk=pk).first()
    found = found or profiles.known_by_name(pk, reader)
    return found or rows.filter(pk=pk, blocked_by__member=reader).first()


def looks_after(member: Member | None) -> bool:
    """Whether somebody has a queue: moderators, and stewards of any space."""
    return moderates(member) or bool(member and member.is_authenticated and member.led_ids)


def sees(member: Member | None, case: Case) -> bool:
    return Case.objects.for_moderator(member).filter(pk=case.pk).exists()


def party(member: Member, case: Case) -> Any:
    """Why somebody may not decide here, in words for them; empty if nothing speaks against it."""
    if case.person_id == member.pk or (case.item and case.item.author_id == member.pk):
        return _("This is about you. Somebody else decides.")
    if member.pk in _held_by(case):
        return _("This is about a group that you hold. Somebody else decides.")
    reporters = set(case.reports.values_list("reporter", flat=True))
    if member.pk in reporters:
        return _("You reported this yourself. Somebody else decides.")
    apart = set(member.kept_apart_ids)
    if case.person_id in apart or reporters & apart:
        return _("You keep apart from somebody this is about. Somebody else decides.")
    return ""


def can_work_on(member: Member | None, case: Case) -> Verdict:
    """Take it, write a note, decide: before anything else, that one is no party."""
    if member is None or not sees(member, case):
        return no(_("This is not yours to decide."))
    why = party(member, case)
    return no(why) if why else YES


def can_decide(member: Member | None, case: Case) -> Verdict:
    verdict = can_work_on(member, case)
    if not verdict:
        return verdict
    if case.state == Case.State.APPEALED:
        return no(_("There is an appeal. It is answered by somebody who had no part in it."))
    if not case.is_open:
        return no(_("This was decided meanwhile."))
    if case.taken_by_id and case.taken_by_id != member.pk:
        return no(_("Somebody else has taken this. Take it over first."))
    return YES


def can_hide_at_once(member: Member | None, item: Item) -> Verdict:
    """Who sees something that hurts while it stands hides it first, and somebody else decides:
    moderators, and stewards where it is. Never what is one's own or of somebody kept apart."""
    mine = member is not None and item.space_id in member.led_ids
    if not moderates(member) and not mine:
        return no(_("Moderators and stewards of the group can do this."))
    if item.author_id == member.pk or item.author_id in member.kept_apart_ids:
        return no(_("You are a party to this. Somebody else looks at it."))
    peers = Membership.objects.filter(space=item.space_id, ring=Ring.STEWARD)
    if not moderates(member) and peers.filter(member=item.author_id).exists():
        return no(_("A moderator decides about what another steward wrote."))
    before = _reviewed(item=item.pk)
    if before.filter(by=member).exists():
        return no(_("You hid this once, and nobody agreed. Now somebody else decides."))
    if before.filter(case__in=Case.objects.open()).exists():
        return no(_DECIDE_NOW)
    return YES


def can_hide_for_review(member: Member | None, case: Case) -> Verdict:
    """Hide it before it is decided: once in a case, and once for each who does it."""
    verdict = can_hide(member, case)
    if not verdict:
        return verdict
    thing = {"message": case.message_id} if case.message_id else {"item": case.item_id}
    if _reviewed(**thing).filter(Q(case=case) | Q(by=member)).exists():
        return no(_DECIDE_NOW)
    return YES


def _reviewed(**thing: Any) -> QuerySet:
    """What hid the thing before it was decided, and is over."""
    return Measure.objects.filter(is_review=True, lifted_at__isnull=False, **thing)


def can_hide(member: Member | None, case: Case) -> Verdict:
    verdict = can_decide(member, case)
    if verdict and case.item_id is None and case.message_id is None:
        return no(_("There is nothing here to hide."))
    return verdict


def can_lift(member: Member | None, measure: Measure) -> Verdict:
    """Show again what was hidden: moderators; stewards, what stewards hid in a space they lead."""
    mine = member is not None and measure.space_id in member.led_ids
    if not moderates(member) and not mine:
        return no(_("Only moderators can do this."))
    if measure.kind != Measure.Kind.HIDE or measure.lifted_at is not None:
        return no(_("There is nothing hidden here any more."))
    if measure.member_id == member.pk:
        return no(_("This is about you. Somebody else decides."))
    if measure.case is not None and (why := party(member, measure.case)):
        return no(why)
    if MeasureAppeal.objects.filter(measure=measure, answered_at=None).exists():
        return no(_("There is an appeal. It is answered by somebody who had no part in it."))
    return YES


def can_appeal(member: Member | None, measure: Measure) -> Verdict:
    """Once, within thirty days, for the person it falls on."""
    if member is None or measure.member_id != member.pk:
        return no(_("Only the person themselves can appeal."))
    if MeasureAppeal.objects.filter(measure=measure).exists():
        return no(_("You appealed already. You can do it once."))
    if measure.lifted_at is not None:
        return no(_("This is over: there is nothing to appeal against."))
    if measure.is_review or measure.waits:
        return no(_("This is not decided yet. Once it is, you can appeal."))
    if measure.appeal_until < timezone.now():
        return no(_("The thirty days in which you could appeal are over."))
    return YES


def can_appeal_kept(member: Member | None, case: Case) -> Verdict:
    """Once, within thirty days, for one who reported it and saw it left as it was."""
    if member is None or not case.reports.filter(reporter=member).exists():
        return no(_("Only somebody who reported this can ask again."))
    if case.outcome != Case.Outcome.KEPT or case.decided_at is None:
        return no(_("There is nothing to ask again here."))
    if case.state in (Case.State.NEW, Case.State.TAKEN):
        return no(_("Somebody looks at this anew already."))
    if case.appeals.filter(by=member).exists():
        return no(_("You asked already. You can do it once."))
    if case.decided_at + Measure.APPEAL_WITHIN < timezone.now():
        return no(_("The thirty days in which you could ask again are over."))
    return YES


def can_hear(member: Member | None, appeal: MeasureAppeal) -> Verdict:
    """Answer an appeal: a moderator who had no part in what it is against, and is no party."""
    if not moderates(member):
        return no(_("A moderator who had no part in it answers this."))
    if appeal.answered_at is not None:
        return no(_("This was answered meanwhile."))
    measure, case = appeal.measure, appeal.case or (appeal.measure and appeal.measure.case)
    if member.pk in {appeal.by_id, *had_part(measure, case)}:
        return no(_("You had a part in this. Somebody else answers."))
    if appeal.by_id in member.kept_apart_ids:
        return no(_("You keep apart from somebody this is about. Somebody else decides."))
    if case is not None and (why := party(member, case)):
        return no(why)
    return YES


def had_part(measure: Measure | None, case: Case | None) -> set[int]:
    """Those who decided something there, agreed to it, or hid it before it was decided; and the
    person it falls on."""
    found: set[int | None] = set()
    if measure is not None:
        found |= {measure.by_id, measure.seconded_by_id, measure.member_id}
    if case is not None:
        decided = case.notes.filter(what__in=(*Case.Outcome.values, "hidden_for_review"))
        found |= {case.decided_by_id, *decided.values_list("by", flat=True)}
    return {pk for pk in found if pk}


# What is read: a case


ON_A_PAGE = {
    PERSON: ("name", "pronouns", "area", "about", "skills", "spoken_languages", "ask_me_about"),
    GROUP: ("name", "purpose"),
}
"""What people write on the page of a person and of a group: each can be taken away by itself."""


def words_of(thing: Any, *, reader: Member | None = None) -> dict[str, Any]:
    """Title and words of a thing as they are now: the evidence that a report keeps. Of a person,
    what the ``reader`` is shown; of a page, ``fields`` says what stands where."""
    if isinstance(thing, Member):
        reader = reader or thing
        said = {}
        if Member.objects.visible_to(reader).filter(pk=thing.pk).exists():
            (page,) = profiles.reveal([thing], reader)
            said = {name: page.shown[name] for name in ON_A_PAGE[PERSON] if name in page.shown}
        fields = {"name": thing.name} if thing.name else {}
        return {
            "title": thing.display_name,
            "text": "\n".join(said.values()),
            "fields": fields | said,
        }
    if isinstance(thing, Space):
        fields = {name: getattr(thing, name) for name in ON_A_PAGE[GROUP] if getattr(thing, name)}
        return {"title": thing.name, "text": thing.purpose, "fields": fields}
    if isinstance(thing, Message):
        return {"title": "", "text": thing.text}
    kind = registry.kind(thing.kind)
    row = thing
    if kind.model and not isinstance(thing, apps.get_model(kind.model)):
        row = apps.get_model(kind.model).objects.filter(pk=thing.pk).first() or thing
    text = kind.text(row) if kind.text is not None and row is not None else ""
    return {"title": thing.title, "text": text}


def reported_words(case: Case, page: Member | Space | None) -> dict[str, str]:
    """What was reported of the page of a person or a group and stands there still: field → words.
    What was written since, or shown to fewer, nobody reported."""
    reported = [report.snapshot.get("fields", {}) for report in case.reports.all()]
    return {
        name: said
        for name in ON_A_PAGE.get(case.what, ())
        if (said := getattr(page, name, "")) and any(one.get(name) == said for one in reported)
    }


def evidence(member: Member | None, token: str) -> Media | None:
    """A picture that hangs on something reported, for those who decide about it."""
    if not looks_after(member):
        return None
    cases = Case.objects.for_moderator(member)
    of_item = cases.filter(item__isnull=False, item=OuterRef("item"))
    of_message = cases.filter(message__isnull=False, message=OuterRef("message"))
    of_report = Report.objects.filter(medium=OuterRef("pk"), case__in=cases.values("pk"))
    return (
        Media.objects.filter(Exists(of_item) | Exists(of_message) | Exists(of_report), token=token)
        .filter(state=Media.State.READY)
        .first()
    )


# What is read: by those who reported, and by those it falls on


def mine(member: Member) -> QuerySet:
    """What the member reported, with its case; newest first by (created_at, id)."""
    return Report.objects.filter(reporter=member).select_related("case", "rule")


def measures_on(member: Member) -> QuerySet:
    """What was decided about the member or what they wrote."""
    return Measure.objects.filter(member=member).select_related("rule", "appeal", "space", "case")


def own_hidden(member: Member | None, item: int) -> int | None:
    """The measure by which the member's own post is hidden: its page stands in for the post's."""
    if member is None:
        return None
    found = Measure.objects.filter(
        kind=Measure.Kind.HIDE, item=item, member=member, lifted_at=None, item__author=member
    )
    return found.values_list("pk", flat=True).first()


# Who is told


def deciders(case: Case) -> QuerySet:
    """Those who may decide: moderators, and stewards of where it is; no party to it."""
    from community.models import StaffRole

    staff = StaffRole.objects.filter(member=OuterRef("pk"), role__in=("moderator", "admin"))
    may = Q(Exists(staff))
    if case.item_id or (case.message_id and case.space_id):
        stewards = Membership.objects.filter(space=case.space_id, ring=Ring.STEWARD)
        if not stewards.filter(member=case.person_id).exists():
            may |= Q(pk__in=stewards.values("member"))
    return Member.objects.present().filter(may).exclude(pk__in=_parties(case))


def hearers(case: Case | None, had_part: Iterable[int | None]) -> QuerySet:
    """Moderators who had no part in it."""
    from community.models import StaffRole

    staff = StaffRole.objects.filter(member=OuterRef("pk"), role__in=("moderator", "admin"))
    people = Member.objects.present().filter(Exists(staff))
    if case is not None:
        people = people.exclude(pk__in=_parties(case))
    return people.exclude(pk__in=[pk for pk in had_part if pk])


def _parties(case: Case) -> set[int]:
    found = set(case.reports.exclude(reporter=None).values_list("reporter", flat=True))
    if case.person_id:
        found.add(case.person_id)
    apart = Block.objects.filter(Q(member__in=found) | Q(blocked__in=found))
    for one, other in apart.values_list("member", "blocked"):
        found |= {one, other}
    return found | _held_by(case)


def _held_by(case: Case) -> set[int]:
    """The stewards of a reported group: it is about what they hold."""
    if case.what != GROUP:
        return set()
    stewards = Membership.objects.filter(
        space=case.space_id, space__kind="group", ring=Ring.STEWARD
    )
    return set(stewards.values_list("member", flat=True))


def full(pk: int, member: Member) -> Case | None:
    """The case with what its page shows, for somebody who may see it."""
    appeals = MeasureAppeal.objects.select_related("by", "answered_by").order_by("created_at")
    hides = Measure.objects.filter(
        Q(item=OuterRef("item"), item__isnull=False)
        | Q(message=OuterRef("message"), message__isnull=False),
        kind=Measure.Kind.HIDE,
        lifted_at=None,
    )
    return (
        Case.objects.for_moderator(member)
        .filter(pk=pk)
        .select_related("item", "message", "person__avatar", "space", "taken_by", "decided_by")
        .prefetch_related(Prefetch("appeals", queryset=appeals))
        .annotate(is_hidden=Exists(hides))
        .first()
    )
