"""What tests of the core share."""

from __future__ import annotations

import pytest


@pytest.fixture
def own_shelves(tmp_path, settings):
    """Uploads of this test lie in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path
