"""`manage.py take_off_second_factor`: for the one case in which no two people could help."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from community import recovery
from community.models import Member
from community.operations import recovery as operations
from community.policies import Refused


class Command(BaseCommand):
    help = "Takes the second factor off an account, where no two people on the site could."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="of the person, to whom you spoke yourself")
        parser.add_argument(
            "--because", required=True, help="how you know that it is them; kept in the audit log"
        )

    def handle(self, *args: Any, email: str, because: str, **options: Any) -> None:
        member = Member.objects.filter(email__iexact=email.strip(), is_active=True).first()
        if member is None:
            raise CommandError("There is no open account of that address.")
        if recovery.can_be_helped(member):
            raise CommandError(
                "Two people on the site can do this: let the person sign in as far as the second"
                " lock and choose “I lost it”. Nothing was changed."
            )
        try:
            operations.take_off_as_operator(member, by=None, reason=because)
        except Refused as refused:
            raise CommandError(str(refused.reason)) from refused
        self.stdout.write("It is off, all sessions have ended, and the person is told by mail.")
