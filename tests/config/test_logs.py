"""The log: one event a line, and nobody in it."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from community.logs import Json, OneLine, RequestMiddleware, without_people

HOSTILE = (
    "Ada\nCRITICAL root forged",
    "Ada\r\n2026-11-22 ERROR forged",
    "\x1b[2J\x1b[31mred",
    "next\u2028line\u2029and",
    "nul\x00 and \x85 next",
    '"}\n{"level": "CRITICAL", "message": "forged"}',
)


def record(message: str, *args: object, exc_info=None) -> logging.LogRecord:
    return logging.LogRecord("tequio", logging.WARNING, "x.py", 1, message, args, exc_info)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("formatter", [OneLine(), Json()])
def test_nothing_people_type_makes_a_second_entry(name, formatter):
    line = formatter.format(record("%s joined", name))
    assert len(line.splitlines()) == 1
    assert not any(ord(letter) < 32 and letter != "\t" for letter in line)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_line_of_json_is_one_object_with_the_message_whole(name):
    said = json.loads(Json().format(record("%s joined", name)))
    assert said["message"] == f"{name} joined"
    assert said["level"] == "WARNING"
    assert said["at"].endswith("+00:00")


def test_a_traceback_is_part_of_its_object():
    try:
        raise ValueError("line one\nline two ada@example.org")
    except ValueError:
        said = Json().format(record("failed", exc_info=sys.exc_info()))
    assert len(said.splitlines()) == 1
    assert "Traceback" in json.loads(said)["traceback"]
    assert "ada@example.org" not in said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sent to ada@example.org now", "sent to <mail> now"),
        ("from 203.0.113.9:4431", "from <address>:4431"),
        ("from 2001:db8::1 to ::1", "from <address> to ::1"),
        ("PostgreSQL at 127.0.0.1:5432 is away", "PostgreSQL at 127.0.0.1:5432 is away"),
        ("at 12:30:45", "at 12:30:45"),
        (
            "duplicate key\nDETAIL:  Key (email)=(ada@example.org) already exists.",
            "duplicate key\nDETAIL:  …",
        ),
        ("community.mail: release 1.2.3", "community.mail: release 1.2.3"),
    ],
)
def test_nobody_is_named(text, shown):
    assert without_people(text) == shown


def test_lines_of_one_request_share_a_number_that_ends_with_it():
    seen = []

    def answer(request):
        seen.extend(json.loads(Json().format(record(word))) for word in ("one", "two"))
        return HttpResponse()

    RequestMiddleware(answer)(RequestFactory().post("/secret/", {"body": "private"}))
    assert seen[0]["request"] == seen[1]["request"] != ""
    assert "request" not in json.loads(Json().format(record("later")))
    assert "private" not in json.dumps(seen)
