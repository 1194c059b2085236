"""Papers people agree with: written, published in versions, accepted, and consents taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from community import audit, policies
from community.models import Acceptance, Agreement, AgreementText, AgreementVersion, Member
from community.policies import Refused

Words = dict[str, dict[str, str]]
"""Language → {"title", "text"}."""


@transaction.atomic
def add_agreement(*, kind: str, required: bool, words: Words, by: Member) -> Agreement:
    """A new paper with a first draft; nobody is asked before it is published."""
    policies.can_change_site(by).enforce()
    if kind not in Agreement.Kind.values:
        raise Refused(_("Choose what it is."))
    if kind == Agreement.Kind.CONSENT and required:
        raise Refused(_("A consent is free: it cannot be needed for anything."))
    words = _worded(words)
    title = next(iter(words.values()))["title"]
    last = Agreement.objects.aggregate(last=Max("position"))["last"]
    agreement = Agreement.objects.create(
        slug=_free_slug(title),
        kind=kind,
        required=required,
        position=0 if last is None else last + 1,
    )
    _write(AgreementVersion.objects.create(agreement=agreement, number=1), words)
    audit.record("agreements.added", by=by, agreement=agreement.pk, kind=kind)
    return agreement


@transaction.atomic
def draft_version(
    agreement: Agreement, *, words: Words, changes: str, needed_from: date | None, by: Member
) -> AgreementVersion:
    """Write at the next version; what is published stays as it is."""
    agreement = _lock(agreement, by)
    if agreement.retired_at:
        raise Refused(_("This agreement has ended."))
    draft = agreement.versions.filter(published_at=None).first()
    if draft is None:
        last = agreement.versions.aggregate(last=Max("number"))["last"] or 0
        draft = AgreementVersion(agreement=agreement, number=last + 1)
    draft.changes = " ".join(changes.split())
    draft.needed_from = needed_from if agreement.required else None
    draft.save()
    _write(draft, _worded(words))
    return draft


@transaction.atomic
def publish(agreement: Agreement, *, by: Member) -> AgreementVersion:
    """From now on this version holds, and everybody is asked for their yes."""
    agreement = _lock(agreement, by)
    draft = agreement.versions.filter(published_at=None).first()
    if draft is None:
        raise Refused(_("Nothing has changed since the last version."))
    if draft.number > 1 and not draft.changes:
        raise Refused(_("Say what changed, in one or two sentences. Everybody reads that first."))
    if draft.needed_from and draft.needed_from < timezone.localdate():
        raise Refused(_("Give people time: choose a day that is still to come."))
    draft.published_at, draft.published_by = timezone.now(), by
    draft.save(update_fields=["published_at", "published_by"])
    audit.record("agreements.published", by=by, agreement=agreement.pk, version=draft.number)
    return draft


@transaction.atomic
def retire_agreement(agreement: Agreement, *, by: Member) -> Agreement:
    """It holds no more; who accepted what stays on record."""
    agreement = _lock(agreement, by)
    if agreement.retired_at is None:
        agreement.retired_at = timezone.now()
        agreement.save(update_fields=["retired_at"])
        audit.record("agreements.retired", by=by, agreement=agreement.pk)
    return agreement


@transaction.atomic
def accept(version: AgreementVersion, *, by: Member, language: str) -> Acceptance:
    """Say yes to a version as it was read. Twice is once."""
    if not AgreementVersion.objects.in_force().filter(pk=version.pk).exists():
        raise Refused(_("There is a newer version. Read that one."))
    found, _made = Acceptance.objects.get_or_create(
        version=version, member=by, withdrawn_at=None, defaults={"language": language}
    )
    by.forget()
    return found


@transaction.atomic
def withdraw(agreement: Agreement, *, by: Member) -> int:
    """Take a consent back, in every version it was given. Raises Refused for other papers."""
    if not agreement.can_be_withdrawn:
        raise Refused(
            _("This one goes with taking part. If you do not agree any more, you can leave.")
        )
    mine = Acceptance.objects.filter(version__agreement=agreement, member=by, withdrawn_at=None)
    count = mine.update(withdrawn_at=timezone.now())
    by.forget()
    return count


def _lock(agreement: Agreement, by: Member) -> Agreement:
    policies.can_change_site(by).enforce()
    return Agreement.objects.select_for_update().get(pk=agreement.pk)


def _worded(words: Words) -> Words:
    """What has both a title and a text; the site's own language always has."""
    found = {
        language: {"title": " ".join(said["title"].split()), "text": said["text"].strip()}
        for language, said in words.items()
        if language in dict(settings.LANGUAGES)
    }
    halves = [one for one in found.values() if bool(one["title"]) != bool(one["text"])]
    if halves:
        raise Refused(_("In each language it needs a title and a text."))
    found = {language: said for language, said in found.items() if said["text"]}
    if not found:
        raise Refused(_("Write it in at least one language."))
    return found


def _write(version: AgreementVersion, words: Words) -> None:
    version.texts.exclude(language__in=list(words)).delete()
    for language, said in words.items():
        AgreementText.objects.update_or_create(version=version, language=language, defaults=said)


def _free_slug(title: str) -> str:
    base = slugify(title)[:34].strip("-") or "agreement"
    taken = set(Agreement.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in _slugs(base) if slug not in taken)


def _slugs(base: str) -> Any:
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1
