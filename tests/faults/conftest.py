"""One site for all faults: it must be well again after each, which the next one relies on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller

from tests.faults.stage import MESSAGES, SEED, Stage, filled, free_port, healthy, wait_until


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/faults" in str(item.path):
            item.add_marker(pytest.mark.faults)


def pytest_report_header() -> str:
    return f"faults: FAULTS_SEED={SEED} FAULTS_MESSAGES={MESSAGES}"


_told: list[str] = []


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Say a figure: it is printed at the end, whether the test passes or not."""
    return lambda words: _told.append(f"{request.node.name}: {words}")


def pytest_terminal_summary(terminalreporter) -> None:
    for line in _told:
        terminalreporter.write_line(line)


class PostOffice:
    """A mail server that keeps what it is given; it can be slow, refuse, or hang up."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.letters: list[tuple[str, str]] = []
        """To whom, and the letter's own name, which stays the same when it is sent again."""
        self.slow = 0.0
        self.answer = "250 OK"

    async def handle_DATA(self, server, session, envelope):
        import asyncio

        await asyncio.sleep(self.slow)
        if self.answer == "hang up":
            server.transport.close()
            return "421 gone"
        if self.answer.startswith("250"):
            self.got += envelope.rcpt_tos
            name = message_from_bytes(envelope.content)["Message-ID"]
            self.letters += [(to, name) for to in envelope.rcpt_tos]
        return self.answer

    def well(self) -> None:
        self.slow, self.answer = 0.0, "250 OK"


@pytest.fixture(scope="session")
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    office.port = free_port()
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    yield office
    controller.stop()


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory, post_office: PostOffice) -> Iterator[Stage]:
    """A filled site on servers of its own; no process of it runs yet."""
    with filled(tmp_path_factory.mktemp("faults") / "data", post_office.port) as stage:
        yield stage


@pytest.fixture(scope="session")
def running(data: Stage) -> Iterator[Stage]:
    data.start()
    yield data
    data.stop()


@pytest.fixture
def site(running: Stage, post_office: PostOffice) -> Iterator[Stage]:
    """All of it runs and is well; afterwards all is started again, and nothing is half done."""
    post_office.well()
    if running.inside("hurry"):
        wait_until(lambda: running.inside("waiting")["letters"] == 0, 60, "all letters have left")

    def is_alive() -> bool:
        """The whole chain: the clock rings, Valkey carries it, a worker answers."""
        beat = running.inside("waiting")["beat"]
        return beat is not None and beat < 25

    wait_until(is_alive, 90, "clock and worker are at it")
    yield running
    post_office.well()
    for server in (running.postgres, running.valkey):
        if not server.answers():
            server.stop()
            server.start(die_with_us=True)
    for process in running.processes.values():
        if process.popen.poll() is not None:
            process.start()
    for port in [*running.page_ports, running.live_port]:
        wait_until(lambda port=port: healthy(port), 60, f"web on {port} is back")
    assert running.inside("whole") == []


@pytest.fixture
def usual(site: Stage) -> float:
    """The p95 of pages with nothing wrong, measured now, on this machine as it is."""
    from tests.faults.load import Load

    with Load(site, "usual") as load:
        time.sleep(8)
    assert load.bad == []
    return load.p95()
