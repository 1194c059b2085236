"""No text that becomes SQL, a pattern or a format is put together from what people typed.

Each of the three is looked for in the syntax of every module; what is put together all the same
stands in a list with the reason why nothing that somebody typed gets into it.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.shape.sources import ROOT, calls, here, modules, tree

RUNS_SQL = {"execute", "executemany", "raw", "RawSQL", "extra", "copy", "stream"}

# File → what stands in its statements besides constants and names of our own tables, and why.
PUT_TOGETHER = {
    "community/notices/telling.py": "statements of Django’s own compiler, with its parameters",
    "community/governor.py": "statements of Django’s own compiler, with its parameters",
    "community/prepared.py": "statements of Django’s own compiler, with its parameters",
    "community/stems.py": "names of our two configurations of PostgreSQL’s text search",
    "community/invited.py": "a constant of the module",
    "config/backup/database.py": "psycopg’s own composition; names are quoted by sql.Identifier",
    "config/backup/making.py": "the name of our own table",
    "config/demo/filling/dates.py": "constants of the module; no request comes here",
    "config/demo/many/sets.py": "columns of our own models; no request comes here",
    "config/doctor/database.py": "constants of the module; no request comes here",
    "config/servers.py": "the name of the trial’s database; no request comes here",
}
TABLE = re.compile(r"[\w.]+\._meta\.db_table")


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_fixed(node: ast.AST) -> bool:
    """A constant, or one with the names of our own tables in it."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.JoinedStr):
        return all(
            isinstance(part, ast.Constant) or TABLE.fullmatch(ast.unparse(part.value))
            for part in node.values
        )
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add) and _is_fixed(node.left) and _is_fixed(node.right)
    return False


def put_together(path: Path) -> list[str]:
    return [
        here(path, call)
        for call in calls(path)
        if _name(call) in RUNS_SQL and call.args and _is_sql(call) and not _is_fixed(call.args[0])
    ]


def _is_sql(call: ast.Call) -> bool:
    """``copy`` and ``execute`` are names of other things too: of a cache, of a pipe."""
    if _name(call) in ("execute", "executemany", "raw", "RawSQL", "extra"):
        return True
    return isinstance(call.func, ast.Attribute) and "cursor" in ast.unparse(call.func.value)


def test_no_statement_is_put_together_from_what_people_typed():
    found: dict[str, list[str]] = {}
    for path in modules():
        if places := put_together(path):
            found[str(path.relative_to(ROOT))] = places
    unknown = {file: places for file, places in found.items() if file not in PUT_TOGETHER}
    assert unknown == {}, "Pass values as parameters, or say in PUT_TOGETHER why not."


def test_files_that_put_statements_together_still_exist():
    for file in PUT_TOGETHER:
        assert (ROOT / file).exists(), file


def test_nothing_of_a_request_reaches_a_statement_without_parameters():
    """Whatever is read from a request stands in views and forms, and neither speaks SQL."""
    speaking = [
        here(path, call)
        for path in modules()
        if {"views", "forms", "consumers"} & set(path.with_suffix("").parts)
        for call in calls(path)
        if _name(call) in ("execute", "executemany", "raw", "RawSQL", "extra")
        and not (call.args and _is_fixed(call.args[0]))
    ]
    assert speaking == []


# The way the rule is broken, so that it is known to see


def test_the_rule_sees_what_it_is_for():
    wrong = (
        'cursor.execute(f"SELECT {name}")',
        'cursor.execute("SELECT " + name)',
        'cursor.execute("SELECT %s" % name)',
        'cursor.execute("SELECT {}".format(name))',
        "Item.objects.raw(words)",
        'rows.extra(where=["x"], select=words) or RawSQL(words, [])',
    )
    for text in wrong:
        found = [c for c in ast.walk(ast.parse(text)) if isinstance(c, ast.Call)]
        sql = [c for c in found if _name(c) in RUNS_SQL and c.args and _is_sql(c)]
        assert sql, text
        assert not all(_is_fixed(c.args[0]) for c in sql), text
    right = ast.parse('cursor.execute(f"LOCK TABLE {Item._meta.db_table}")').body[0].value
    assert _is_fixed(right.args[0])


# Patterns

MAKES_PATTERN = {"compile", "search", "match", "fullmatch", "sub", "subn", "findall", "finditer"}


def _patterns(path: Path) -> list[tuple[ast.Call, ast.AST]]:
    return [
        (call, call.args[0])
        for call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "re"
        and call.func.attr in (*MAKES_PATTERN, "split")
        and call.args
    ]


def _escaped(node: ast.AST, constants: set[str]) -> bool:
    """A constant, or one into which only re.escape(…) and constants of the module are put."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name):
        return node.id in constants
    if isinstance(node, ast.BinOp):
        return _escaped(node.left, constants) and _escaped(node.right, constants)
    if isinstance(node, ast.JoinedStr):
        return all(
            isinstance(part, ast.Constant)
            or ast.unparse(part.value).startswith("re.escape(")
            or (isinstance(part.value, ast.Name) and part.value.id in constants)
            for part in node.values
        )
    return ast.unparse(node).startswith("re.escape(")


def test_no_pattern_is_made_of_what_people_typed():
    wrong = []
    for path in modules():
        constants = {
            target.id
            for node in tree(path).body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        wrong += [
            here(path, call) for call, made in _patterns(path) if not _escaped(made, constants)
        ]
    assert wrong == []


def test_the_database_is_asked_by_no_pattern_of_ours():
    """``__regex`` would give whoever types into a search the pattern engine of PostgreSQL."""
    wrong = [
        here(path, word)
        for path in modules()
        for call in calls(path)
        for word in call.keywords
        if word.arg and word.arg.endswith(("__regex", "__iregex"))
    ]
    assert wrong == []


# Formats


def test_no_text_of_people_is_a_format():
    """``str.format`` of a text that is not ours would hand out attributes of its arguments."""
    wrong = []
    for path in modules():
        for call in calls(path):
            if not isinstance(call.func, ast.Attribute):
                continue
            if call.func.attr not in ("format", "format_map"):
                continue
            base = call.func.value
            is_ours = isinstance(base, ast.Constant) or (
                isinstance(base, ast.Call) and ast.unparse(base.func).endswith("SQL")
            )
            if not is_ours and str(path.relative_to(ROOT)) != "config/backup/database.py":
                wrong.append(here(path, call))
    assert wrong == []


PERCENT_FROM_ROWS = re.compile(r"\b(?:self|item|row|member|message|comment|topic)\.(?:text|title|"
                               r"name|about|note|reason|html) %")  # fmt: skip


def test_no_column_stands_before_a_percent_sign():
    wrong = [
        f"{here(path)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if PERCENT_FROM_ROWS.search(line)
    ]
    assert wrong == []
    assert PERCENT_FROM_ROWS.search("said = item.title % {}")
