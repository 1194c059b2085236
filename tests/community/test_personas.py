"""The people of the tests are who they say they are."""

from community import policies
from community.models import Ring


def test_everybody_stands_in_their_ring(north, ada, ben, fay, cleo, mo, ruth, guest):
    rings = [policies.ring_of(member, north) for member in (ada, ben, fay, cleo, mo, ruth, guest)]
    assert rings == [Ring.STEWARD, Ring.PARTICIPANT, Ring.FOLLOWER, 0, 0, 0, 0]
    assert policies.moderates(mo)
    assert not policies.moderates(ada)
    assert policies.steers_community(ruth)
    assert north.member_count == 3
    assert all(member.is_community_member for member in (ada, ben, fay, cleo, mo, ruth))
