"""A WSGI application inside an ASGI server: a request is one job in a pool of threads."""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)

IN_MEMORY = 256 * 1024
LARGEST_BODY = 128 * 1024 * 1024


class _Gone(Exception):
    """The browser went away before the answer was finished."""


class Pages:
    def __init__(self, wsgi: Callable, threads: int):
        self.wsgi = wsgi
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope, receive, send) -> None:
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            size = 0
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                size += len(message.get("body", b""))
                if size > LARGEST_BODY:
                    await _refuse(send)
                    return
                body.write(message.get("body", b""))
                more = message.get("more_body", False)
            body.seek(0)
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self.pool, self._answer, scope, body, send, loop)

    def _answer(self, scope, body, send, loop) -> None:
        """In a thread: run the application, hand over its head and every piece of its body."""
        head: list = []

        def start_response(status, headers, exc_info=None):
            head[:] = [
                {
                    "type": "http.response.start",
                    "status": int(status.split(" ", 1)[0]),
                    "headers": [
                        (name.lower().encode("latin-1"), value.encode("latin-1"))
                        for name, value in headers
                    ],
                }
            ]

        async def send_all(messages):
            for message in messages:
                await send(message)

        def hand_over(*messages):
            try:
                asyncio.run_coroutine_threadsafe(send_all(messages), loop).result()
            except OSError:
                raise _Gone

        response: Iterable[bytes] = self.wsgi(_environ(scope, body), start_response)
        try:
            pending: bytes | None = None
            for piece in response:
                if pending is not None:
                    hand_over(*head, _piece(pending, more=True))
                    head.clear()
                pending = piece
            hand_over(*head, _piece(pending or b"", more=False))
        except _Gone:
            log.debug("The browser went away")
        finally:
            if hasattr(response, "close"):
                response.close()


def _piece(body: bytes, *, more: bool) -> dict:
    return {"type": "http.response.body", "body": body, "more_body": more}


async def _refuse(send) -> None:
    await send({"type": "http.response.start", "status": 413, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def _environ(scope, body) -> dict:
    server = scope.get("server") or ("localhost", 80)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name:  # would look like the same header with dashes: a way to forge it
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        if key in environ:
            text = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}"
        environ[key] = text
    return environ
