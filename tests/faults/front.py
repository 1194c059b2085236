"""A front server for the tests: small, and it asks another process when one is gone.

    python -m tests.faults.front PORT PAGES,PAGES LIVE

A request that only asks is asked again elsewhere when its process dies before it answered; one that
changes something is never sent twice. A socket is handed through to `live`, both ways, until one
side ends it.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from contextlib import suppress

PATIENCE = 5.0
AWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Front:
    def __init__(self, pages: list[int], live: int):
        self.pages, self.live = pages, live
        self.turn = itertools.count()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            line, *rest = head.decode("latin-1").split("\r\n")
            method, path, _ = line.split(" ", 2)
            fields = dict(one.lower().split(": ", 1) for one in rest if one)
            length = int(fields.get("content-length", 0))
            body = await reader.readexactly(length) if length else b""
            is_socket = fields.get("upgrade") == "websocket"
            ours = ("x-forwarded",) if is_socket else ("connection:", "x-forwarded")
            kept = [one for one in rest if one and not one.lower().startswith(ours)]
            kept += ["X-Forwarded-For: 198.51.100.7"]
            kept += [] if is_socket else ["Connection: close"]
            request = "\r\n".join([line, *kept, "", ""]).encode("latin-1") + body
            if is_socket:
                await self._hand_through(request, reader, writer)
            else:
                await self._answer(request, method, path, writer)
        except (asyncio.IncompleteReadError, OSError, ValueError):
            pass
        finally:
            writer.close()

    async def _answer(self, request: bytes, method: str, path: str, writer) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while loop.time() < end:
            port = self.live if path.startswith("/ws/") else self._next()
            try:
                upstream, out = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            answered = False
            try:
                out.write(request)
                while piece := await upstream.read(65536):
                    answered = True
                    writer.write(piece)
                    await writer.drain()
            except ConnectionError:
                pass
            finally:
                out.close()
            if answered:
                return
            if method not in ("GET", "HEAD"):
                break
        writer.write(AWAY)
        await writer.drain()

    async def _hand_through(self, request: bytes, reader, writer) -> None:
        try:
            upstream, out = await asyncio.open_connection("127.0.0.1", self.live)
        except OSError:
            writer.write(AWAY)
            await writer.drain()
            return
        out.write(request)
        ways = [
            asyncio.create_task(_pump(reader, out)),
            asyncio.create_task(_pump(upstream, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            out.close()

    def _next(self) -> int:
        return self.pages[next(self.turn) % len(self.pages)]


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await source.read(65536):
            sink.write(piece)
            await sink.drain()


async def main(port: int, pages: list[int], live: int) -> None:
    front = Front(pages, live)
    server = await asyncio.start_server(front.serve, "127.0.0.1", port, backlog=256)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), [int(n) for n in sys.argv[2].split(",")], int(sys.argv[3])))
