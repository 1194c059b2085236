"""Knows the least a server of sockets can do: what one says, all hear, with nothing in between.

The fan-out of the site is measured against this loop, on the same uvicorn, in the same run.
"""

from __future__ import annotations

from typing import Any

_open: set[Any] = set()


async def application(scope: dict, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    _open.add(send)
    try:
        while (message := await receive())["type"] == "websocket.receive":
            for other in list(_open):
                await other({"type": "websocket.send", "text": message["text"]})
    finally:
        _open.discard(send)
