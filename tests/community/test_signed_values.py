"""A value that was signed for one thing is worth nothing for another."""

from __future__ import annotations

import pytest
from django.core import signing

from community import keyset
from community.notices import unsubscribing

VALUES = [1, "2026-01-01"]


def test_each_use_of_the_signer_has_a_salt_of_its_own():
    order, other = ("-asked_at", "-pk"), ("asked_at", "pk")
    salts = [keyset._salt(order), keyset._salt(other), unsubscribing._SALT]
    assert len(set(salts)) == len(salts)
    cursor = signing.dumps(VALUES, salt=salts[0])
    assert keyset._read(cursor, salts[0]) is not None
    for salt in salts[1:]:
        assert keyset._read(cursor, salt) is None
        with pytest.raises(signing.BadSignature):
            signing.loads(cursor, salt=salt)


@pytest.mark.parametrize("changed", ["", "x", "{}.x", "x{}", "{}x"])
def test_a_value_that_was_changed_is_none(changed):
    salt = keyset._salt(("-pk",))
    signed = signing.dumps(VALUES, salt=salt)
    assert keyset._read(changed.format(signed), salt) is None


def test_what_another_key_signed_is_none(settings):
    salt = keyset._salt(("-pk",))
    signed = signing.dumps(VALUES, salt=salt)
    settings.SECRET_KEY = "another-one-" * 5
    settings.SECRET_KEY_FALLBACKS = []
    assert keyset._read(signed, salt) is None
