"""One event, one line, and nobody in it: nothing that people type can forge a second entry.

What is logged holds no bodies of requests, no mail addresses and no addresses of machines; what
slips into the message of an error is taken out here. Lines of one request share a number.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

_ESCAPES = {code: f"\\x{code:02x}" for code in (*range(0x20), 0x7F, *range(0x80, 0xA0))}
_ESCAPES |= {0x2028: "\\u2028", 0x2029: "\\u2029"}
del _ESCAPES[0x09]

_MAIL = re.compile(r"[^\s@<>\"'=(,;:]{1,64}@[\w.-]{1,253}\w")
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")
_IPV6 = re.compile(r"(?<![\w:.])(?=[0-9a-fA-F:.]*:[0-9a-fA-F]*:)[0-9a-fA-F:.]{2,45}(?![\w:])")
_HERE = ("127.0.0.1", "::1", "0.0.0.0", "::")
_CLOCK = re.compile(r"\d{1,2}:\d{2}:\d{2}(\.\d+)?")
# PostgreSQL repeats what was written: “Key (email)=(…) already exists”.
_DETAIL = re.compile(r"(DETAIL:\s*).*", re.S)

_request: ContextVar[str] = ContextVar("request", default="")


class RequestMiddleware:
    """Gives each request a number that means nothing outside of the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = _request.set(secrets.token_hex(6))
        try:
            return self.get_response(request)
        finally:
            _request.reset(before)


def without_people(text: str) -> str:
    """The text without mail addresses, addresses of machines, and values of rows."""
    if "DETAIL" in text:
        text = _DETAIL.sub(r"\1…", text)
    if "@" in text:
        text = _MAIL.sub("<mail>", text)
    if "." in text:
        text = _IPV4.sub(lambda found: found[0] if found[0] in _HERE else "<address>", text)
    if ":" in text:
        text = _IPV6.sub(_unless_a_time, text)
    return text


def _unless_a_time(found: re.Match[str]) -> str:
    return found[0] if found[0] in _HERE or _CLOCK.fullmatch(found[0]) else "<address>"


class OneLine(logging.Formatter):
    """Time, level, logger, message; control characters escaped; a traceback follows indented."""

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        return without_people(super().formatMessage(record).translate(_ESCAPES))

    def formatException(self, info) -> str:
        lines = without_people(super().formatException(info)).splitlines()
        return "\n".join("    " + line.translate(_ESCAPES) for line in lines)


class Json(logging.Formatter):
    """One JSON object a line, traceback included; times in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_people(record.getMessage()),
            "process": record.process,
        }
        if request := _request.get():
            said["request"] = request
        if record.exc_info:
            said["traceback"] = without_people(self.formatException(record.exc_info))
        return json.dumps(said)  # ASCII: no character of another kind can end a line
