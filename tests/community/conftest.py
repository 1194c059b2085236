"""What tests of the core share."""

from __future__ import annotations

import pytest

from community.models import Room, Space


@pytest.fixture
def own_shelves(tmp_path, settings):
    """Uploads of this test lie in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def general(north: Space) -> Room:
    """The room that the group has from the start."""
    return north.rooms.get()
