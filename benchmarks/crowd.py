"""Knows how to be many browsers in one room: some of them speak, and what all hear is timed.

    python -m benchmarks.crowd < plan.json

The plan says where, with which cookies, in which room (none: the raw loop), how long, how fast,
and which processes are watched. Written by hand on asyncio, because a client library would cost
more than the server. On a machine that has other things to do, how late something is says little:
so it is also told how long each of the watched processes ran for one message.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import struct
import sys
import time
import uuid
from urllib.parse import urlsplit

import psutil
import uvloop

IN_FLIGHT = 4
PATIENCE = 8.0


class Browser(asyncio.Protocol):
    """One open socket; what it hears of messages goes to the crowd."""

    def __init__(self, crowd: Crowd, cookie: str):
        self.crowd, self.cookie = crowd, cookie
        self.buffer = bytearray()
        self.is_open = False
        self.ready = asyncio.get_running_loop().create_future()

    def connection_made(self, transport) -> None:
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {self.crowd.path} HTTP/1.1", f"Host: {self.crowd.netloc}", "Upgrade: websocket",
            "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
            f"Origin: http://{self.crowd.netloc}",
        ]  # fmt: skip
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        transport.write("\r\n".join([*lines, "", ""]).encode())

    def connection_lost(self, error) -> None:
        self.crowd.lost += 1
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("closed"))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.is_open:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if b" 101 " not in self.buffer[:20]:
                self.ready.set_exception(ConnectionError(bytes(self.buffer[:80])))
                return
            del self.buffer[: end + 4]
            self.is_open = True
            if self.crowd.room:
                self.say(json.dumps({"t": "join", "room": self.crowd.room, "after": 0}))
            else:
                self.ready.set_result(None)
        now = time.perf_counter()
        at, buffer = 0, self.buffer
        while len(buffer) - at >= 2:
            size, begin = buffer[at + 1], at + 2
            if size == 126:
                if len(buffer) - at < 4:
                    break
                size, begin = struct.unpack_from("!H", buffer, at + 2)[0], at + 4
            if len(buffer) < begin + size:
                break
            if buffer[at] == 0x81:
                self._hear(bytes(buffer[begin : begin + size]), now)
            elif buffer[at] == 0x89:
                self._write(0x8A, bytes(buffer[begin : begin + size]))
            at = begin + size
        del buffer[:at]

    def _hear(self, body: bytes, now: float) -> None:
        place = body.find(b'"client_id":"')
        if place >= 0 and not body.startswith((b'{"t":"sent"', b'{"t": "sent"', b'{"room"')):
            self.crowd.heard(body[place + 13 : place + 49].decode(), now)
        elif b'"joined"' in body and not self.ready.done():
            self.ready.set_result(None)
        elif b'"closed"' in body or b'"refused"' in body:
            self.crowd.refused += 1
            if not self.ready.done():
                self.ready.set_exception(ConnectionError(body))

    def say(self, text: str) -> None:
        self._write(0x81, text.encode())

    def _write(self, kind: int, body: bytes) -> None:
        mask = os.urandom(4)
        size = bytes((0x80 | len(body),)) if len(body) < 126 else struct.pack("!BH", 254, len(body))
        masked = bytes(byte ^ mask[place & 3] for place, byte in enumerate(body))
        self.transport.write(bytes((kind,)) + size + mask + masked)


class Crowd:
    def __init__(self, plan: dict):
        parts = urlsplit(plan["url"])
        self.netloc, self.path = parts.netloc, parts.path or "/"
        self.host, self.port = parts.hostname, parts.port
        self.plan, self.room = plan, plan.get("room")
        self.sent: dict[str, float] = {}
        self.took: list[float] = []
        self.lost = self.refused = 0
        self.numbers = itertools.count()

    def heard(self, key: str, now: float) -> None:
        if key in self.sent:
            self.took.append(now - self.sent[key])

    async def gather(self) -> None:
        loop = asyncio.get_running_loop()
        cookies = self.plan["cookies"] or [""]
        self.browsers = []
        for place in range(0, self.plan["sockets"], 25):
            some = []
            for number in range(place, min(place + 25, self.plan["sockets"])):
                cookie = cookies[number % len(cookies)]
                port = self.plan["ports"][number % len(self.plan["ports"])]
                _, browser = await loop.create_connection(
                    lambda cookie=cookie: Browser(self, cookie), self.host, port
                )
                some.append(browser)
            await asyncio.wait_for(asyncio.gather(*[one.ready for one in some]), 30)
            self.browsers += some

    def speak(self) -> None:
        """The next of them says something: they take turns, as people do."""
        number = next(self.numbers)
        key = str(uuid.uuid4())
        browser = self.browsers[number % min(len(self.browsers), self.plan["speakers"])]
        self.sent[key] = time.perf_counter()
        if self.room:
            text = f"We meet at the gate at {number % 12 + 1}, {key[:8]}, and bring the leaflets."
            browser.say(
                json.dumps({"t": "send", "room": self.room, "client_id": key, "text": text})
            )
        else:
            browser.say(f'{{"client_id":"{key}","text":"{"x" * self.plan["letters"]}"}}')

    async def paced(self, rate: float, seconds: float) -> dict:
        self._forget()
        begun = time.perf_counter()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            self.speak()
        await self._until_heard()
        return self._told()

    async def saturated(self, seconds: float) -> dict:
        """As fast as a few messages on their way allow."""
        self._forget()
        begun = time.perf_counter()
        everybody = len(self.browsers)
        while time.perf_counter() - begun < seconds:
            if len(self.sent) - len(self.took) / everybody < IN_FLIGHT:
                self.speak()
            else:
                await asyncio.sleep(0.0005)
        await self._until_heard()
        return self._told() | {"per_s": round(len(self.took) / (self.last - begun))}

    def _forget(self) -> None:
        self.sent.clear()
        self.took.clear()
        self.ran = {name: _seconds(pids) for name, pids in self.plan["watched"].items()}

    async def _until_heard(self) -> None:
        end = time.perf_counter() + PATIENCE
        wanted = len(self.sent) * len(self.browsers)
        while len(self.took) < wanted and time.perf_counter() < end:
            await asyncio.sleep(0.005)
        self.last = time.perf_counter() if len(self.took) == wanted else end - PATIENCE

    def _told(self) -> dict:
        took = sorted(self.took) or [float("nan")]
        said = max(1.0, len(self.took) / len(self.browsers))
        return {
            "ms": {
                name: round((_seconds(pids) - self.ran[name]) / said * 1000, 3)
                for name, pids in self.plan["watched"].items()
            },
            "p50": round(took[len(took) // 2] * 1000, 1),
            "p99": round(took[int(len(took) * 0.99)] * 1000, 1),
            "heard": len(self.took),
            "of": len(self.sent) * len(self.browsers),
        }


def _seconds(pids: list[int]) -> float:
    """How long these processes, and those they started, have run so far."""
    seconds = 0.0
    for pid in pids:
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            times = one.cpu_times()
            seconds += times.user + times.system
    return seconds


async def main(plan: dict) -> dict:
    crowd = Crowd(plan)
    await crowd.gather()
    await asyncio.sleep(1)
    found: dict = {}
    if plan["hold"]:
        print(json.dumps({"open": len(crowd.browsers)}), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        return {"lost": crowd.lost}
    await crowd.paced(plan["rate"], 1)  # the first ones warm up what is behind it
    found["paced"] = await crowd.paced(plan["rate"], plan["seconds"])
    found["saturated"] = await crowd.saturated(plan["seconds"])
    return found | {"lost": crowd.lost, "refused": crowd.refused}


if __name__ == "__main__":
    print(json.dumps(uvloop.run(main(json.loads(sys.stdin.readline())))), flush=True)
