"""Knows how what hangs on a person is taken away: their words, files, signs, names and mail.

Every function takes a member, may run twice and finds by itself what is still to do. Rights,
holds and order are somebody else's: ``community.operations.leaving``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from community import chat_erasing, sessions, stems
from community.models import (
    Activity,
    Comment,
    Community,
    Draft,
    Invitation,
    Item,
    JoinRequest,
    MailTrouble,
    Media,
    Member,
    Mention,
    OutboxMail,
    Prose,
    Reaction,
    Revision,
    Suppression,
)
from community.registry import registry

FORMER = "former-member"
"""What stands after the @ where somebody was named who is not here any more."""
BATCH = 200
_SHORTEST = 4
"""Names shorter than this stand inside too many other words to look for them in mail."""


# Words


def let_go_of_words(member: Member) -> None:
    """Their words stay without their name, or go, as they chose when they left."""
    from community.models.rights import Leaving

    leaving = Leaving.objects.filter(member=member).first()
    if leaving is not None and leaving.words == Leaving.Words.GO:
        _take_words_away(member)
    while batch := list(_written_by(member).values_list("pk", flat=True)[:BATCH]):
        Item.objects.filter(pk__in=batch).update(author=None)


def _written_by(member: Member) -> QuerySet:
    return Item.objects.filter(author=member).order_by("-pk")


def _take_words_away(member: Member) -> None:
    """Newest first. What others answered keeps its place, emptied: their words are theirs."""
    from community.operations import hiding

    while batch := list(_written_by(member).values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            targets = set(Comment.objects.filter(pk__in=batch).values_list("item", flat=True))
            locked = Item.objects.filter(pk__in={*batch, *targets}).order_by("pk")
            locked = list(locked.select_for_update(of=("self",), no_key=True))
            rows = [row for row in locked if row.pk in batch and row.author_id == member.pk]
            pks = [row.pk for row in rows]
            answered = _answered_by_others(pks, member)
            _drop_files(Media.objects.filter(item__in=pks))
            _empty([row for row in rows if row.pk in answered])
            gone = [pk for pk in pks if pk not in answered]
            Item.objects.filter(pk__in=gone).delete()
            for target in locked:
                if target.pk in targets.difference(gone):
                    hiding.recount(target)


def _answered_by_others(pks: list[int], member: Member) -> set[int]:
    others = Comment.objects.exclude(author=member) | Comment.objects.filter(author=None)
    found = others.filter(Q(item__in=pks) | Q(parent__in=pks)).values_list("item", "parent")
    return {pk for pair in found for pk in pair if pk}


def _empty(rows: list[Item]) -> None:
    pks = [row.pk for row in rows]
    if not pks:
        return
    with translation.override(_language()):
        title = gettext("Taken away by its author, who left")
    Revision.objects.filter(item__in=pks).delete()
    Mention.objects.filter(item__in=pks).delete()
    Activity.objects.filter(item__in=pks).delete()
    answers = list(Activity.objects.filter(data__on__in=pks))
    for activity in answers:  # “Ada answered in …” keeps its sentence, not the title
        activity.data = {**activity.data, "title": title}
    Activity.objects.bulk_update(answers, ["data"], batch_size=BATCH)
    Item.objects.filter(pk__in=pks).exclude(title="").update(title=title)
    Item.objects.filter(pk__in=pks).update(author=None, search=None)
    for kind, numbers in _by_kind(rows).items():
        model = _model_of(kind)
        if model is not None:
            model._base_manager.filter(pk__in=numbers).update(**_blanks(model, kind))


def _by_kind(rows: list[Item]) -> dict[str, list[int]]:
    sorted_rows: dict[str, list[int]] = {}
    for row in rows:
        sorted_rows.setdefault(row.kind, []).append(row.pk)
    return sorted_rows


def _model_of(kind: str) -> Any:
    name = registry.kind(kind).model
    return apps.get_model(name) if name else None


def _blanks(model: Any, kind: str) -> dict[str, Any]:
    """Column → empty, of the kind's own words: those it calls personal, and rendered prose."""
    names = set(registry.kind(kind).personal)
    if issubclass(model, Prose):
        names |= {"text", "html"}
    fields = {field.name: field for field in model._meta.local_fields}
    blanks: dict[str, Any] = {}
    for name in names & set(fields):
        field = fields[name]
        text = isinstance(field, models.CharField | models.TextField)
        blanks[name] = None if field.null else "" if text else field.get_default()
    return blanks or {model._meta.pk.name: models.F(model._meta.pk.name)}


# Files


def let_go_of_files(member: Member) -> None:
    """Their face and what hangs in nothing go; files in words that stay have no owner any more."""
    with transaction.atomic():
        if member.avatar_id:
            Member.objects.filter(pk=member.pk).update(avatar=None)
            _drop_files(Media.objects.filter(pk=member.avatar_id))
            member.avatar = None
        _drop_files(Media.objects.unused().filter(owner=member))
        Media.objects.filter(owner=member).update(owner=None)


def _drop_files(rows: QuerySet) -> None:
    """The rows now; the bytes after commit, and if that fails by the sweep."""
    from community.operations.media import _delete

    for media in rows.select_for_update(of=("self",)):
        _delete(media)


# Signs


def take_back_reactions(member: Member) -> None:
    while batch := list(Reaction.objects.filter(member=member)[:BATCH]):
        with transaction.atomic():
            items = {reaction.item_id for reaction in batch}
            list(Item.objects.filter(pk__in=items).order_by("pk").select_for_update(no_key=True))
            Reaction.objects.filter(pk__in=[reaction.pk for reaction in batch]).delete()
            for item in Item.objects.filter(pk__in=items):
                found = Reaction.objects.filter(item=item.pk).order_by().values_list("emoji")
                counts = dict(found.annotate(Count("pk")))
                Item.objects.filter(pk=item.pk).update(reaction_counts=counts)


def forget_activity(member: Member) -> None:
    """What happened stays without who it was; what was about nobody else, or says their name to
    somebody, goes."""
    about = Q(data__member=member.pk) | Q(data__named=member.pk)
    Activity.objects.filter(about | Q(actor=member, item=None)).delete()
    Activity.objects.filter(Q(actor=member) & Q(item__author=member)).update(actor=None, data={})
    while batch := list(Activity.objects.filter(actor=member)[:BATCH]):
        for activity in batch:
            activity.actor = None
            activity.data = {key: said for key, said in activity.data.items() if key != "name"}
        Activity.objects.bulk_update(batch, ["actor", "data"])


# Where others name them


def unname(member: Member) -> None:
    """``@handle`` becomes ``@former-member`` in all that others wrote, and leads to nobody."""
    if member.handle:
        replace_handle(member.handle, f"@{FORMER}", member)
    Mention.objects.filter(member=member).delete()
    Member.objects.filter(pk=member.pk).update(handle=None)
    member.handle = None


def replace_handle(before: str, instead: str, member: Member) -> None:
    """Say ``instead`` wherever others said ``@before``, which meant the member; may run twice."""
    from community.operations.writing import render_again

    handle = re.compile(rf"(?<![\w@])@{re.escape(before)}(?![\w@]|[-_][a-z0-9])", re.IGNORECASE)
    for row in _naming(before):
        with transaction.atomic():
            row = type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
            said = handle.sub(instead, row.text)
            if said != row.text:
                type(row)._base_manager.filter(pk=row.pk).update(text=said)
                row.text = said
            if isinstance(row, Item):
                render_again(row)
                stems.index(row)
    chat_erasing.replace_handle(before, handle, instead, besides=member)
    for draft in Draft.objects.filter(data__text__icontains=f"@{before}"):
        said = handle.sub(instead, str(draft.data["text"]))
        Draft.objects.filter(pk=draft.pk).update(data={**draft.data, "text": said})


def _naming(handle: str) -> Iterator[Any]:
    """Everything written in which the handle stands: present words and earlier versions."""
    for model in (*_prose(), Revision):
        rows = model._base_manager.filter(text__icontains=f"@{handle}").order_by("pk")
        yield from rows.iterator(chunk_size=BATCH)


def _prose() -> list[Any]:
    return [m for m in apps.get_models() if issubclass(m, Prose) and not m._meta.abstract]


# Signing in, mail, doors


def end_sessions(member: Member) -> int:
    """All of them, also those that allauth's list does not know; how many."""
    ended = sessions.end_all_of(member)
    theirs = str(member.pk)
    rows = Session.objects.filter(expire_date__gt=timezone.now())
    keys = [
        row.session_key
        for row in rows.iterator(chunk_size=BATCH)
        if row.get_decoded().get(SESSION_KEY) == theirs
    ]
    return ended + Session.objects.filter(session_key__in=keys).delete()[0]


def drop_mail(member: Member) -> None:
    """What waits for their address, and what is known of it: soon nothing says whose it was."""
    address = member.email
    OutboxMail.objects.filter(to__iexact=address).delete()
    MailTrouble.objects.filter(address__iexact=address).delete()
    Suppression.objects.filter(address__iexact=address).delete()


def forget_mail_naming(member: Member) -> None:
    """Mail to others in which they are named: it has left, or it says what is no longer true."""
    for name in {member.name, member.email}:
        if len(name) >= _SHORTEST:
            said = Q(subject__icontains=name) | Q(body_text__icontains=name)
            OutboxMail.objects.filter(said | Q(body_html__icontains=name)).delete()


def forget_invitations(member: Member) -> None:
    """Invitations to their address open nothing more, and no longer say whose it was."""
    Invitation.objects.filter(email__iexact=member.email).update(email="", note="")


# The person


def empty_profile(member: Member) -> None:
    """What is left of somebody is an empty row, so that what must be kept points to nobody."""
    blank = Member(email=f"erased-{member.pk}@invalid.invalid", pk=member.pk)
    blank.set_unusable_password()
    blank.is_active, blank.joined_at = False, timezone.now()
    blank.save(force_update=True)


def erase_accounts(rows: QuerySet) -> int:
    """Accounts that never were anybody's: gone without a trace."""
    done = 0
    for member in rows:
        with transaction.atomic():
            for step in (end_sessions, drop_mail, forget_invitations):
                step(member)
            JoinRequest.objects.filter(member=member).delete()
            _drop_files(Media.objects.filter(owner=member))
            member.delete()
            done += 1
    return done


def _language() -> str:
    return Community.objects.values_list("default_language", flat=True).first() or "en"
