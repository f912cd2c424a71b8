"""What customs remembers: letters seen, documents, its own book figures, answers still to give."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS letters (name TEXT PRIMARY KEY, box TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    kind TEXT NOT NULL, number TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, number));
CREATE TABLE IF NOT EXISTS links (
    kind TEXT NOT NULL, number TEXT NOT NULL, target TEXT NOT NULL, PRIMARY KEY (kind, number));
CREATE TABLE IF NOT EXISTS pending (
    id INTEGER PRIMARY KEY AUTOINCREMENT, due INTEGER NOT NULL, kind TEXT NOT NULL,
    body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS pending_due ON pending (due, id);
CREATE TABLE IF NOT EXISTS book_lines (
    book TEXT NOT NULL, line INTEGER NOT NULL, sku TEXT NOT NULL DEFAULT '',
    inc INTEGER NOT NULL DEFAULT 0, redc INTEGER NOT NULL DEFAULT 0,
    prev_inc INTEGER NOT NULL DEFAULT 0, prev_redc INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (book, line));
"""


class State:
    """One SQLite file; every poll is one transaction."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.db = sqlite3.connect(folder / "state.db", isolation_level=None, timeout=10)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=NORMAL")
        self.db.executescript(_TABLES)

    def begin(self) -> None:
        self.db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self.db.execute("COMMIT")

    def rollback(self) -> None:
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")

    def next(self, counter: str) -> int:
        """Return the next number of a counter, from 1."""
        row = self.db.execute(
            "INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 "
            "RETURNING value",
            (counter,),
        ).fetchone()
        return int(row[0])

    def seen(self, name: str) -> str | None:
        """Return the box a letter went to, None for a new one."""
        row = self.db.execute("SELECT box FROM letters WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def remember(self, name: str, box: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO letters VALUES (?, ?)", (name, box))

    def load(self, kind: str, number: str) -> dict[str, Any] | None:
        row = self.db.execute(
            "SELECT body FROM documents WHERE kind = ? AND number = ?",
            (kind, number),
        ).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def store(self, kind: str, number: str, body: dict[str, Any]) -> None:
        self.db.execute(
            "INSERT OR REPLACE INTO documents VALUES (?, ?, ?)",
            (kind, number, json.dumps(body, ensure_ascii=False)),
        )

    def link(self, kind: str, number: str, target: str) -> None:
        """Remember that customs' number leads to a document's own number."""
        self.db.execute("INSERT OR REPLACE INTO links VALUES (?, ?, ?)", (kind, number, target))

    def linked(self, kind: str, number: str) -> str | None:
        row = self.db.execute(
            "SELECT target FROM links WHERE kind = ? AND number = ?",
            (kind, number),
        ).fetchone()
        return None if row is None else str(row[0])

    def unlink(self, kind: str, target: str) -> None:
        self.db.execute("DELETE FROM links WHERE kind = ? AND target = ?", (kind, target))

    def later(self, due: int, kind: str, body: dict[str, Any]) -> None:
        """Keep an answer, or an event of customs' own, until a poll."""
        self.db.execute(
            "INSERT INTO pending (due, kind, body) VALUES (?, ?, ?)",
            (due, kind, json.dumps(body, ensure_ascii=False)),
        )

    def due(self, poll: int) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield and forget what is due at this poll, in the order it was kept."""
        rows = self.db.execute(
            "SELECT id, kind, body FROM pending WHERE due <= ? ORDER BY due, id LIMIT 2000",
            (poll,),
        ).fetchall()
        for number, kind, body in rows:
            self.db.execute("DELETE FROM pending WHERE id = ?", (number,))
            yield str(kind), json.loads(body)

    def waiting(self) -> bool:
        """Return whether anything is still to be answered."""
        return self.db.execute("SELECT 1 FROM pending LIMIT 1").fetchone() is not None
