"""What must not stand in our code at all, because it turns text into something that runs."""

from __future__ import annotations

import ast

from tests.shape.sources import calls, here, imported, modules

NEVER_CALLED = {"eval", "exec", "compile", "__import__"}
NEVER_IMPORTED = {
    "pickle", "cPickle", "dill", "shelve", "marshal", "xml", "lxml", "xmlrpc", "yaml", "telnetlib",
}  # fmt: skip
STARTS = {"run", "Popen", "call", "check_call", "check_output"}


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def test_no_text_is_run_as_code():
    found = [
        here(path, call)
        for path in modules()
        for call in calls(path)
        if _name(call) in NEVER_CALLED
    ]
    assert found == []


def test_nothing_is_unpacked_or_parsed_that_could_run_or_fetch():
    found = [
        f"{here(path, node)} imports {name}"
        for path in modules()
        for name, node in imported(path)
        if name.partition(".")[0] in NEVER_IMPORTED
        and not name.startswith("xml.sax.saxutils")  # writes, and parses nothing
    ]
    assert found == []


def test_programs_are_started_from_lists_and_never_by_a_shell():
    found = []
    for path in modules():
        for call in calls(path):
            if any(word.arg == "shell" for word in call.keywords):
                found.append(here(path, call))
            if isinstance(call.func, ast.Attribute) and call.func.attr in ("system", "popen"):
                found.append(here(path, call))
            starts = isinstance(call.func, ast.Attribute) and call.func.attr in STARTS
            if (
                starts
                and isinstance(call.func.value, ast.Name)
                and call.func.value.id == "subprocess"
            ):
                first = call.args[0] if call.args else None
                if isinstance(first, ast.Constant | ast.JoinedStr):
                    found.append(here(path, call))
    assert found == []


def test_only_the_operators_side_starts_programs():
    found = {
        here(path)
        for path in modules()
        for name, _ in imported(path)
        if name.partition(".")[0] == "subprocess"
    }
    # ffmpeg, for voice notes: a list of our own words, bytes through a pipe, no shell.
    found.discard("community/voice.py")
    assert all(place.startswith("config/") for place in found), found


REACHES_OUT = {"http.client", "urllib.request", "urllib3", "requests", "httpx", "aiohttp", "ftplib",
               "smtplib", "boto3", "botocore", "storages", "asyncio.open_connection"}  # fmt: skip
KNOWN_WAYS_OUT = {
    "community/outside.py",  # addresses that somebody gave us: push
    "community/accounts/abroad.py",  # sign-in services
    "community/accounts/oidc.py",  # only to catch what went wrong there
    "config/media.py",  # the store of uploads, named by the operator
    "config/doctor/files.py",  # whether that store is closed
    "config/doctor/settings.py",  # whether the site's own front server answers
    "config/up.py",  # whether the trial answers
    "community/mail.py",  # the operator's mail server, through Django's backend
    "community/suppression.py",  # what that server said
    "config/doctor/beside.py",  # whether it answers
}


def test_the_ways_out_of_the_house_are_known():
    """A new one goes through community/outside.py, or is looked at by test_outside.py."""
    found = {
        here(path)
        for path in modules()
        for name, _ in imported(path)
        if any(name == one or name.startswith(f"{one}.") for one in REACHES_OUT)
    }
    found |= {
        here(path)
        for path in modules()
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "create_connection"
    }
    assert found == KNOWN_WAYS_OUT
