"""The walls of the house: sizes, doorways, keys, guards, and the map that names every room."""

import ast
import re
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Float, make_url  # noqa: TID251 - to look for it
from sqlalchemy.dialects import postgresql

from wms.tables import METADATA

ROOT = Path(__file__).parents[2]
CODE = [
    path
    for top in ("wms", "iot", "labels", "counterparts")
    for path in sorted((ROOT / top).rglob("*.py"))
]
# Code tables are the same for every site, seldom change and are never in a posting (ADR 0002).
SHARED_BY_ALL_SITES = {"code_entry", "tariff", "positive_list", "alembic_version"}
APPEND_ONLY = {
    *("audit_signature", "audit_statement", "audit_statement_line"),
    *("audit_task_step", "audit_check"),
    "trail",
    *("book", "book_line", "ledger_posting", "ledger_entry", "ledger_key", "ledger_reversal"),
    *("ledger_proposal", "ledger_decision", "ledger_period", "ledger_period_balance", "ledger_era"),
    *("seal_leaf", "seal_checkpoint", "seal_cosignature"),
    "scan_log",
    "unit_move",
}
COMMITS = {"wms/db/transaction.py", "wms/worker.py"}


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_a_file_is_small_and_says_what_it_is_for(path):
    tree = parse(path)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 60, f"{node.name} is longer than 60 lines"


INNER = {"models", "rules", "schemas", "api", "pages", "scan", "cli"}
STARTERS = {"wms.app", "wms.cli", "wms.tables"}
# web is no room of the trade; the order of customs' receipts is customs' own word to the documents.
OPEN_TO_ALL = {"wms.web.pages", "wms.web.schema", "wms.customs.rules"}


def test_no_room_reaches_into_another_rooms_furniture():
    found = set()
    for path in CODE:
        importer = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for name in imported_by(path):
            parts = name.split(".")
            if parts[0] == "wms" and len(parts) > 2 and parts[2] in INNER:
                room = ".".join(parts[:2])
                reached = ".".join(parts[:3])
                inside = importer.startswith(f"{room}.") or importer in STARTERS
                if not inside and reached not in OPEN_TO_ALL:
                    found.add((importer, reached))
    assert found == set()


def imported_by(path):
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_only_the_doorway_commits():
    found = {
        name_of(path)
        for path in CODE
        if re.search(r"\.commit\(", path.read_text(encoding="utf-8"))
        and path.parts[len(ROOT.parts)] in {"wms", "iot"}
    }
    assert found == COMMITS


def test_no_module_is_called_after_nothing():
    banned = {"utils", "util", "common", "helpers", "misc", "shared"}
    assert [name_of(path) for path in CODE if path.stem in banned] == []


@pytest.mark.parametrize("table", sorted(METADATA.tables))
def test_every_growing_table_begins_with_its_site(table):
    columns = METADATA.tables[table]
    if table in SHARED_BY_ALL_SITES:
        assert "site_id" not in columns.c
        return
    keys = [list(columns.primary_key.columns)]
    for constraint in columns.constraints:
        if constraint.__visit_name__ == "unique_constraint":
            keys.append(list(constraint.columns))
        if constraint.__visit_name__ == "foreign_key_constraint":
            target = next(iter(constraint.elements)).column.table.name
            if target not in SHARED_BY_ALL_SITES:
                keys.append(list(constraint.columns))
                assert "SET NULL" not in (constraint.ondelete or "")
            assert not constraint.deferrable
    keys += [list(index.columns) for index in columns.indexes if index.unique]
    assert {key[0].name for key in keys} == {"site_id"}
    assert columns.c[0].name == "site_id"
    assert columns.c.site_id.identity is None
    assert columns.c.site_id.autoincrement is not True


@pytest.mark.parametrize("table", sorted(METADATA.tables))
def test_a_table_holds_nothing_a_distributed_engine_or_an_auditor_refuses(table):
    for column in METADATA.tables[table].columns:
        assert not isinstance(column.type, Float), f"{column} is not exact"
        assert column.server_default is None, f"{column} is filled by whoever plans the statement"
        assert column.identity is None
        if str(column.type.compile(postgresql.dialect())).startswith("TIMESTAMP"):
            assert column.type.impl.timezone


def test_tables_that_only_grow_refuse_everything_else(postgres_cluster, database_url):
    name = make_url(database_url).database
    with psycopg.connect(postgres_cluster.url(name).replace("+psycopg", "")) as connection:
        guarded = connection.execute(
            """SELECT c.relname, array_agg(t.tgenabled::text)
                 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                 JOIN pg_proc p ON p.oid = t.tgfoid
                WHERE NOT t.tgisinternal AND p.proname = 'refuse_change' GROUP BY 1"""
        ).fetchall()
        others = connection.execute(
            """SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                WHERE NOT t.tgisinternal AND p.proname <> 'refuse_change'"""
        ).fetchall()
    assert {table for table, _ in guarded} >= APPEND_ONLY
    assert all(enabled == ["A", "A"] for _, enabled in guarded)
    assert others == []


def test_every_room_is_on_the_map():
    text = (ROOT / "wms" / "README.md").read_text(encoding="utf-8")
    rooms = {
        path.name for path in (ROOT / "wms").iterdir() if path.is_dir() and path.name[0] != "_"
    }
    assert {room for room in rooms if f"`{room}`" not in text} == set()
