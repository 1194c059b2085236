"""The rules of the house that can be read off the source."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel

from community.database import MakeTables
from tests.shape.sources import (
    APPS,
    ROOT,
    calls,
    here,
    in_role,
    modules,
    public_functions,
    tree,
)

FORBIDDEN_NAMES = {"utils", "helpers", "common", "contrib", "services", "misc", "tools", "signals"}
LONGEST, LONGEST_OF_ALL = 400, 500


def test_no_module_is_named_for_nothing():
    assert [
        here(path)
        for path in modules(migrations=True)
        if FORBIDDEN_NAMES & {path.stem, *path.relative_to(ROOT).parts[:-1]}
    ] == []


def test_modules_stay_short():
    """400 lines is the measure; a few may run over it, none past 500."""
    content = ROOT / "config" / "demo"  # what the people of the demo say, not code
    lengths = {
        here(path): len(path.read_text().splitlines())
        for path in modules()
        if content not in path.parents
    }
    assert {path: n for path, n in lengths.items() if n > LONGEST_OF_ALL} == {}
    over = {path: n for path, n in lengths.items() if n > LONGEST}
    assert len(over) <= 3, f"Split these by subject: {over}"


def test_every_module_says_in_a_docstring_what_it_knows():
    silent = [
        here(path)
        for path in modules()
        if path.read_text().strip()
        and ast.get_docstring(tree(path)) is None
        and path.name != "apps.py"
        and "commands" not in path.parts
    ]
    assert silent == []


# Operations


def _decorators(function: ast.FunctionDef) -> set[str]:
    return {ast.unparse(decorator) for decorator in function.decorator_list}


def _operations() -> list[tuple[Path, ast.FunctionDef]]:
    return [
        (path, function) for path in in_role("operations") for function in public_functions(path)
    ]


# Not acts of a person: what the clock does, and parts of operations that several modules share.
NOBODY_ACTS = {
    "leadership/operations/welcomes.py:begin": "what follows an arrival, and the clock",
    "leadership/operations/welcomes.py:give_back": "part of stopping, and the clock",
    "leadership/operations/welcomes.py:close": "part of giving up and of agreeing on a step",
    "leadership/operations/clock.py:look_after_newcomers": "the clock",
    "community/operations/hiding.py:hide_now": "part of deciding a case",
    "community/operations/hiding.py:hide_message": "part of deciding a case",
    "community/operations/hiding.py:show_message": "part of lifting a measure",
    "community/operations/hiding.py:show_again": "part of lifting a measure",
    "community/operations/hiding.py:page_of": "part of deciding a case",
    "community/operations/hiding.py:take_picture": "part of deciding a case",
    "community/operations/hiding.py:take_words": "part of deciding a case",
    "community/operations/hiding.py:put_back": "part of lifting a measure",
    "community/operations/hiding.py:gone_since": "reads",
    "community/operations/hiding.py:answers": "reads",
    "community/operations/hiding.py:lock_with_target": "part of hiding and taking away",
    "community/operations/hiding.py:tell_what_was_not_told": "part of bringing back",
    "community/operations/hiding.py:recount": "part of hiding and taking away",
    "community/operations/resting.py:wake_rested": "the clock",
    "community/operations/resting.py:keep_one_awake": "part of leaving and of moving",
    "community/operations/chat/messages.py:say": "part of posting; takes the member",
    "community/operations/chat/messages.py:take_away": "part of deleting and of erasing",
    "community/operations/chat/reading.py:have_read": "part of reading and writing",
    "community/operations/chat/direct.py:pair_of": "reads",
    "community/operations/chat/retention.py:forget_old_messages": "the clock",
    "community/operations/holding.py:held_back": "part of posting; the author is the actor",
    "community/operations/holding.py:watch_joins": "the clock",
    "community/operations/holding.py:forget_fingerprints": "the clock",
    "community/operations/announcements.py:begin_due": "the clock",
    "community/operations/announcements.py:release": "the clock, for whoever sent it",
    "community/operations/sanctions.py:settle": "part of every measure and of an appeal",
    "community/operations/sanctions.py:tell_ended": "the clock",
    "community/operations/writing.py:set_text": "part of posting and editing",
    "community/operations/writing.py:render_again": "part of moving",
    "community/operations/writing.py:follow_quietly": "part of posting; takes the member",
    "community/operations/writing.py:stir": "part of posting",
    "groups/operations/moving.py:become_topic": "part of splitting and of parting again",
    "groups/operations/moving.py:become_comment": "part of merging and of putting back",
    "groups/operations/moving.py:settle_as_comment": "part of merging and of putting back",
    "groups/operations/moving.py:follow_too": "part of splitting and merging",
    "groups/operations/topics.py:forget_names": "part of moving",
    "groups/operations/topics.py:take_room_along": "part of moving",
    "groups/operations/topics.py:worded": "part of posting, editing and splitting",
    "community/operations/drafts.py:draft_at": "reads",
    "community/operations/people.py:free_handle": "reads",
    "community/operations/drafts.py:draft_row": "reads",
    "community/operations/leaving.py:clear_left": "the clock",
    "community/operations/leaving.py:clear": "part of it",
    "community/operations/leaving.py:erase_due": "the clock",
    "community/operations/leaving.py:erase": "part of it",
    "community/operations/leaving.py:erase_again": "after a restore",
    "community/operations/leaving.py:end_silent": "the clock",
    "community/operations/leaving.py:delete_in_batches": "part of it",
    "community/operations/retention.py:forget_expired": "the clock",
    "community/operations/retention.py:expired": "reads",
    "community/operations/retention.py:silent": "reads",
    "community/operations/retention.py:ask_silent": "the clock",
    "community/operations/retention.py:forget_silent": "the clock",
    "community/operations/recordings.py:encode_recording": "the worker",
    "community/operations/recordings.py:encode_lately_recorded": "the clock",
    "community/operations/rights.py:make_export": "the worker, for whoever asked",
    "community/operations/rights.py:unmade": "reads",
}


TWO_THINGS = {
    "community/operations/membership.py:admit",
    "community/operations/drafts.py:save_draft",
}


def test_every_public_operation_takes_its_actor_by_name():
    wrong = []
    for path, function in _operations():
        key = f"{path.relative_to(ROOT)}:{function.name}"
        by = [arg for arg in function.args.kwonlyargs if arg.arg == "by"]
        if (
            not by
            and key not in NOBODY_ACTS
            and not function.name.startswith(("sweep_", "close_due"))
        ):
            wrong.append(f"{key} takes no keyword-only by=")
        if by:
            default = function.args.kw_defaults[function.args.kwonlyargs.index(by[0])]
            if default is not None:
                wrong.append(f"{key}: by= must never be optional")
            if len(function.args.args) > 1 and key not in TWO_THINGS:
                names = [arg.arg for arg in function.args.args[1:]]
                wrong.append(f"{key}: after the thing all is keyword-only, not {names}")
    assert wrong == []


# One statement or one delegated call: there is nothing a transaction would hold together.
ONE_STATEMENT = {
    "community/operations/reading.py:mark_read",
    "community/operations/reading.py:mark_space_read",
    "community/operations/reading.py:follow",
    "community/operations/reading.py:bookmark",
    "community/operations/drafts.py:save_draft",
    "community/operations/drafts.py:discard_draft",
    "community/operations/writing.py:keep_revision",
    "community/operations/membership.py:admit",
    "community/operations/membership.py:set_volume",
}


def test_every_operation_is_one_transaction():
    keys = {f"{path.relative_to(ROOT)}:{function.name}" for path, function in _operations()}
    loose = [
        f"{path.relative_to(ROOT)}:{function.name}"
        for path, function in _operations()
        if any(arg.arg == "by" for arg in function.args.kwonlyargs)
        and "transaction.atomic" not in _decorators(function)
        and "transaction.atomic" not in ast.unparse(function)
    ]
    assert sorted(set(loose) - ONE_STATEMENT) == []
    gone = {key for key in (ONE_STATEMENT | NOBODY_ACTS.keys()) if key not in keys}
    assert gone == set(), "These exceptions name operations that no longer exist."


# Views


def _attribute_calls(path: Path, name: str) -> list[ast.Call]:
    return [
        call
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == name
    ]


def test_work_for_later_waits_for_the_commit():
    wrong = [
        here(path, call)
        for path in modules()
        for name in ("delay", "apply_async")
        for call in _attribute_calls(path, name)
        if path != ROOT / "community" / "doorbell.py"
    ]
    assert wrong == []


def _of_nobody(call: ast.Call) -> bool:
    """Mail in the trial's outbox, which stands behind a switch and belongs to no member."""
    return bool(call.args) and ast.unparse(call.args[0]) == "OutboxMail"


def test_no_view_gets_a_row_by_itself():
    """``load`` is the way; ``objects.get`` and ``get_object_or_404`` know no visibility."""
    wrong = []
    for path in in_role("views"):
        for call in calls(path):
            source = ast.unparse(call.func)
            if _of_nobody(call):
                continue
            if source.endswith("get_object_or_404") or re.search(r"\bobjects\b.*\.get$", source):
                wrong.append(f"{here(path, call)}: {source}")
    assert wrong == []


# Models whose rows a stranger must not learn of: read in views through visible_to or load only.
GUARDED = (
    "Item", "Topic", "Comment", "Media", "Space", "Group", "Member", "Activity", "Revision",
    "Mention", "Reaction", "Charter", "MembershipEvent",
)  # fmt: skip
SEEN_THROUGH = ("visible_to", "listed_to", "load(", "readers", "member=request.user", "owner=")


# Functions that ask another question than visible_to before they show anything, and which.
REVIEWED = {
    "community/views/today.py:_what_waits": "the member themselves",
    "groups/views/frame.py:_charter": "the group was loaded",
}


def test_views_read_guarded_models_through_visible_to():
    wrong, reviewed = set(), set()
    for path in in_role("views"):
        for function in ast.walk(tree(path)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            key = f"{path.relative_to(ROOT)}:{function.name}"
            for statement in function.body:
                source = _unguarded(ast.unparse(statement))
                for model in GUARDED:
                    if re.search(rf"\b{model}\.objects\b(?!\.(?:root|lock)\(|\.current)", source):
                        reviewed.add(key)
                        if key not in REVIEWED:
                            wrong.add(f"{here(path, statement)}: {model}.objects")
    assert sorted(wrong) == []
    assert REVIEWED.keys() - reviewed == set(), "These do not do so any more: take them out."


def _unguarded(source: str) -> str:
    """The statement, unless it asks who may see."""
    return "" if any(word in source for word in SEEN_THROUGH) else source


def test_views_are_functions():
    assert [
        here(path, node)
        for path in in_role("views")
        for node in tree(path).body
        if isinstance(node, ast.ClassDef)
        and any("View" in ast.unparse(base) for base in node.bases)
    ] == []


def test_models_have_no_effects_in_save_or_delete():
    assert [
        here(path, node)
        for path in in_role("models")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.name in ("save", "delete")
    ] == []


def test_no_signals_of_our_own():
    """A caller that wants an effect calls it. Django's own receivers and those of packages stay."""
    from django.db.models import signals

    ours = []
    for name in ("pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "pre_init"):
        for _key, receiver, *_ in getattr(signals, name).receivers:
            function = receiver() if hasattr(receiver, "__self__") or callable(receiver) else None
            module = getattr(function, "__module__", "") or ""
            if module.partition(".")[0] in (*APPS, "config"):
                ours.append(f"{name} → {module}")
    assert ours == []
    assert [
        here(path, node)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("django.dispatch", "django.db.models.signals"))
    ] == []


# Migrations, docs


@pytest.mark.django_db
def test_no_migration_is_missing():
    from django.core.management import call_command

    call_command("makemigrations", *APPS, check=True, dry_run=True, verbosity=3)


def test_until_the_first_release_each_app_has_one_migration():
    for app in APPS:
        names = {path.name for path in (ROOT / app / "migrations").glob("[0-9]*.py")}
        assert names <= {"0001_initial.py"}, f"{app}: {sorted(names)}"
    for app in ("community", "groups"):
        assert (ROOT / app / "migrations" / "0001_initial.py").exists()


@pytest.mark.parametrize("app", APPS)
def test_all_tables_are_made_at_once(app):
    """An empty database waits a third as long: ``manage.py initial`` writes them so."""
    if not (ROOT / app / "migrations" / "0001_initial.py").exists():
        return
    made = importlib.import_module(f"{app}.migrations.0001_initial").Migration("0001_initial", app)
    kinds = [type(each) for each in made.operations]
    assert kinds.count(MakeTables) == 1
    assert {CreateModel, AddField, AddIndex, AddConstraint}.isdisjoint(kinds)


FILE_IN_DOCS = re.compile(
    r"`((?:[\w.-]+/)+[\w.-]*\.(?:py|html|css|js|md|txt|toml|sh|yml|svg|po)|Makefile|manage\.py)`"
)


def test_docs_name_only_files_that_exist():
    lost = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for number, line in enumerate(page.read_text().splitlines(), 1):
            for named in FILE_IN_DOCS.findall(line):
                if "<" in named or named.startswith(("app/", "yourapp/", "<app>/")):
                    continue
                if not ((ROOT / named).exists() or (page.parent / named).exists()):
                    lost.append(f"{page.relative_to(ROOT)}:{number}: {named}")
    assert lost == []
