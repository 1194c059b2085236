"""PostgreSQL restarted under load, and away for a while: people wait a moment, and it heals."""

from __future__ import annotations

import os
import signal
import time

from tests.faults.load import Load
from tests.faults.stage import Stage, healthy, wait_until

PATIENCE = 2.8  # seconds a request waits for a connection, and a little less
AT_MOST = 3.5


def test_restarted_at_once_under_load_nobody_is_failed(site: Stage):
    with Load(site, "restart") as load:
        time.sleep(3)
        broke = time.monotonic()
        os.kill(site.postgres.pid(), signal.SIGQUIT)  # “immediate”: no goodbye, recovery at start
        wait_until(lambda: site.postgres.pid() is None, 10, "PostgreSQL is gone")
        site.postgres.start(die_with_us=True)
        back = time.monotonic() - broke
        time.sleep(6)
    # Of those who wrote at that very moment some are told to come back: nobody can know whether
    # it was kept. Nobody else notices, unless PostgreSQL took longer than they wait.
    assert {one.status for one in load.bad} <= {503}
    in_vain = [one for one in load.bad if one.at + PATIENCE <= broke + back]
    writing = [one for one in load.bad if one.method == "POST"]
    writing = [one for one in writing if one.at <= broke <= one.at + one.seconds]
    rest = [one for one in load.bad if one not in in_vain and one not in writing]
    assert rest == [], f"PostgreSQL was back after {back:.1f} s"
    assert load.lost() == ([], [])
    assert load.signed_out == []


def test_away_for_a_while_people_are_told_soon_and_it_heals_by_itself(site: Stage):
    with Load(site, "away", rate=4.0) as load:
        time.sleep(2)
        site.postgres.stop()
        gone = time.monotonic()
        time.sleep(14)
        back = time.monotonic()
        site.postgres.start(die_with_us=True)
        started = time.monotonic()
        time.sleep(10)
    # The first of each process wait as if it were a restart; from then on nobody does.
    during = [one for one in load.answers if gone + 5 < one.at < back - AT_MOST]
    assert during
    assert {one.status for one in during} == {503}
    assert max(one.seconds for one in during) <= AT_MOST
    assert [one for one in load.bad if one.at > started + 5] == []
    assert load.lost() == ([], [])
    assert all(healthy(port) for port in site.page_ports)
