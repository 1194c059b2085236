"""What people of the world entrusted to a few: a question, a hold, a copy, a lost second lock."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from community.models import DataExport, Membership, Ring, StaffRole
from community.operations import leaving, lists, recovery, rights
from tests import factories


def fill(world: Any) -> None:
    """hana asked and was answered, asked again, is held, and has a copy of everything."""
    dana = factories.make_member("Dana Lead", staff=StaffRole.Role.DATA_PROTECTION)
    world.people["dana"] = dana
    between = world.only(world.hana, dana)
    asked = factories.make_question(world.hana, text=world.word("question about data", between))
    rights.answer_request(asked, by=dana, answer=world.word("answer about data", between))
    waiting = factories.make_question(
        world.hana, what="erase", text=world.word("wish to be erased", between)
    )
    hold = leaving.place_hold(
        world.hana, by=dana, reason=world.word("reason of a legal hold", world.only(dana))
    )
    copy = DataExport.objects.create(
        member=world.hana, expires_at=timezone.now() + DataExport.LASTS, ready_at=timezone.now()
    )
    inside = world.word("copy of everything", world.only(world.hana))
    default_storage.save(copy.stored_as, ContentFile(inside.encode()))
    world.things |= {"question": waiting, "answered": asked, "hold": hold, "copy": copy}
    _lock_out(world)
    _take_a_list(world)


def _guards_data(reader: Any) -> bool:
    """Administrators and the data protection lead, who read the audit log."""
    return StaffRole.objects.filter(member=reader, role__in=("admin", "data_protection")).exists()


def _lock_out(world: Any) -> None:
    """hana lost her second lock; an administrator wrote down how she knew that it was her."""
    world.people["ines"] = ines = factories.make_member("Ines Farah", staff=StaffRole.Role.ADMIN)
    factories.make_second_factor(world.hana)
    asked = recovery.ask_recovery(by=world.hana)

    def may_know(reader: Any) -> bool:
        """Herself, stewards of what she takes part in, administrators and the data guardian."""
        if reader is None:
            return False
        places = Membership.objects.filter(member=world.hana, ring__gte=Ring.PARTICIPANT)
        leads = Membership.objects.filter(
            member=reader, ring=Ring.STEWARD, space__in=places.values("space")
        )
        return reader.pk == world.hana.pk or _guards_data(reader) or leads.exists()

    said = world.word("how somebody knew that it was hana", may_know)
    recovery.confirm_recovery(
        asked, by=ines, spoken=asked.spoken, how="met", proof=f"We have known each other {said}."
    )
    world.things["recovery"] = asked


def _take_a_list(world: Any) -> None:
    """ada took the list of her closed group: who is on it, and who guards data, reads why."""
    on_it = Membership.objects.filter(space=world.closed)
    said = world.word(
        "purpose of a list of people",
        lambda reader: (
            reader is not None
            and (
                reader.pk == world.ada.pk
                or _guards_data(reader)
                or on_it.filter(member=reader).exists()
            )
        ),
    )
    world.ada.forget()
    asked = lists.ask_for_list(
        world.closed,
        purpose=f"To telephone everybody about {said} on Sunday",
        with_email=False,
        by=world.ada,
    )
    lists.fetch_list(asked, by=world.ada)
    world.things["people_list"] = asked
