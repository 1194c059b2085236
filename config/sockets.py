"""A WebSocket of uvicorn that lets the hub write whole frames, made once for everybody.

The usual way, a message to `send` for each socket, encodes and frames the same text hundreds of
times; here the same bytes go to each transport. What waits there is counted: whoever reads too
slowly is cut off, and asks for what they missed when they come back.
"""

from __future__ import annotations

import socket
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MOST_WAITING = 256 * 1024
"""Bytes that may wait for one reader; the operating system's own buffers come on top."""


class FrameProtocol(WebSocketsSansIOProtocol):
    async def run_asgi(self) -> None:
        self.scope["extensions"]["tequio.frames"] = self
        await super().run_asgi()

    def put(self, *frames: bytes) -> bool:
        """Write frames that `community.live.sockets.framed` made; False: it is over here."""
        transport = self.transport
        if self.close_sent or transport.is_closing():
            return False
        if transport.get_write_buffer_size() > MOST_WAITING:
            transport.abort()
            return False
        transport.write(frames[0] if len(frames) == 1 else b"".join(frames))
        return True

    def cut(self) -> None:
        """End it without another word: it does not read what it is told."""
        self.transport.abort()


class Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        from community.live.hub import hub

        await super().startup(sockets)
        hub.start()


def server(application: Any = None, *, host: str = "", port: int = 0, patience: int = 20) -> Server:
    """The site as uvicorn serves it, pages of the trial included."""
    if application is None:
        from config.asgi import application

    return Server(
        uvicorn.Config(
            application,
            host=host or "127.0.0.1",
            port=port or 8001,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            interface="asgi3",
            lifespan="off",
            ws=FrameProtocol,
            ws_max_size=65_536,
            # Squeezing would cost every socket 30 kB and every frame as much as all the rest.
            ws_per_message_deflate=False,
            ws_ping_interval=25.0,
            ws_ping_timeout=25.0,
            timeout_graceful_shutdown=patience,
        )
    )


def serve(listener: socket.socket, *, patience: int = 5) -> None:
    """On a socket that is bound already, until told to end."""
    server(patience=patience).run(sockets=[listener])
