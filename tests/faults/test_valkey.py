"""Valkey dead, hung, emptied: people read and write on, and nobody is signed out."""

from __future__ import annotations

import os
import signal
import time

import pytest

from tests.faults.load import Load
from tests.faults.stage import Stage, wait_until

SLOWER = 0.3


def check(load: Load, usual: float, since: float) -> None:
    assert load.bad == []
    assert load.signed_out == []
    assert load.lost() == ([], [])
    assert load.p95(since) <= usual + SLOWER


def test_dead(site: Stage, usual: float):
    with Load(site, "dead") as load:
        time.sleep(2)
        since = time.monotonic()
        os.kill(site.valkey.pid(), signal.SIGKILL)
        time.sleep(12)
        site.valkey.start(die_with_us=True)
        time.sleep(4)
    check(load, usual, since)


def test_hung(site: Stage, usual: float):
    pid = site.valkey.pid()
    with Load(site, "hung") as load:
        time.sleep(2)
        since = time.monotonic()
        os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(15)
        finally:
            os.kill(pid, signal.SIGCONT)
        time.sleep(3)
    check(load, usual, since)


def test_emptied(site: Stage, usual: float):
    with Load(site, "emptied") as load:
        time.sleep(2)
        since = time.monotonic()
        with site.valkey._client() as client:
            client.flushall()
        time.sleep(6)
    check(load, usual, since)


def test_full(site: Stage, usual: float):
    """It takes nothing any more: neither what could be asked again, nor the ringing for work."""
    with site.valkey._client() as client, Load(site, "full") as load:
        before = client.config_get("maxmemory*")
        time.sleep(2)
        since = time.monotonic()
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("maxmemory", "1mb")
        try:
            time.sleep(8)
        finally:
            client.config_set("maxmemory", before["maxmemory"])
            client.config_set("maxmemory-policy", before["maxmemory-policy"])
        time.sleep(2)
    check(load, usual, since)


@pytest.mark.parametrize("how", ["dead", "emptied"])
def test_what_was_rung_for_in_vain_is_done_soon_after(site: Stage, post_office, how: str):
    """Letters written while Valkey is away leave within half a minute of its return."""
    wait_until(lambda: site.inside("waiting")["letters"] == 0, 40, "no letters wait")
    before = len(post_office.got)
    if how == "dead":
        os.kill(site.valkey.pid(), signal.SIGKILL)
        site.inside("letters", 5)
        site.valkey.start(die_with_us=True)
    else:
        site.inside("letters", 5)
        with site.valkey._client() as client:
            client.flushall()
    wait_until(lambda: len(post_office.got) - before >= 5, 40, "five letters have left")
    assert len(post_office.got) - before == 5
