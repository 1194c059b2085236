"""Takes the lock on one row, and says what it means when the row has gone meanwhile."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from community.verdicts import Refused


def locked(rows: QuerySet, pk: int) -> Any:
    """The one of the ``select_for_update`` rows with this key, locked until the transaction ends.

    Who looked at it a moment ago gets Refused where somebody else took it away since.
    """
    try:
        return rows.get(pk=pk)
    except rows.model.DoesNotExist:
        raise Refused(_("This is no longer here.")) from None
