"""`manage.py begin`: the community and its first steward, on a site that is empty."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from community import audit
from community.models import Community, Member, Membership, Openness, Ring, Space, StaffRole
from community.operations.membership import admit


class Command(BaseCommand):
    help = "Makes the community on an empty site, and its first steward and administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="of the organisation")
        parser.add_argument("--email", required=True, help="of the first steward")
        parser.add_argument(
            "--language", default="en", choices=[code for code, _ in settings.LANGUAGES]
        )
        parser.add_argument("--timezone", default="UTC", help="for example Europe/Berlin")

    def handle(
        self, *args: Any, name: str, email: str, language: str, timezone: str, **options: Any
    ) -> None:
        try:
            validate_email(email)
            zoneinfo.ZoneInfo(timezone)
        except ValidationError as error:
            raise CommandError(f"{email} is no e-mail address.") from error
        except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
            raise CommandError(f"There is no time zone {timezone}: try Europe/Berlin.") from error
        if Space.objects.filter(kind=Space.ROOT).exists():
            raise CommandError("There is a community here already. Nothing was changed.")
        begin(name.strip(), email, language, timezone)
        self.stdout.write(
            f"“{name.strip()}” is there. Sign in at {settings.SITE_URL}/accounts/login/ with "
            f"{email}: a code comes by mail. Set up a second factor first, then open the desk."
        )


@transaction.atomic
def begin(name: str, email: str, language: str, zone: str) -> Community:
    """Closed until its steward opens it: people come by invitation, or ask to come in."""
    space = Space.objects.create(
        kind=Space.ROOT,
        name=name,
        slug=slugify(name) or "community",
        openness=Openness.OPEN,
        join_policy=Space.JoinPolicy.ASK,
        listed_at=timezone.now(),
    )
    community = Community.objects.create(space=space, default_language=language, timezone=zone)
    steward = Member.objects.create_user(email=email, language=language)
    admit(
        steward, Space.objects.lock(space), ring=Ring.STEWARD, via=Membership.Via.JOINED, by=steward
    )
    StaffRole.objects.create(member=steward, role=StaffRole.Role.ADMIN)
    audit.record("site.begun", by=None, person=steward)
    return community
