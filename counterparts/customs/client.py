"""The import client: takes letters from OutBox to the desks and brings their answers to InBox."""

import os
from pathlib import Path
from typing import Any

from counterparts.customs import checklists, crossborder, sheets
from counterparts.customs.desk import Desk, LetterRefused
from counterparts.customs.paper import (
    Paper,
    beijing,
    ceb_receipt,
    first_answer,
    guid,
    stamp,
    take_apart,
    zone_receipt,
)
from counterparts.customs.script import Script
from counterparts.customs.state import State

_LETTERS_A_POLL = 300
_DOCUMENTS_A_RECEIPT = 100


class Client:
    """The counterpart of one exchange root; `poll` does everything that is due, once."""

    def __init__(self, root: Path, *, seed: int = 0, script: Path | None = None) -> None:
        self.out, self.sent = root / "OutBox", root / "SentBox"
        self.inbox, self.fail = root / "InBox", root / "FailBox"
        self._incoming = self.inbox / ".incoming"
        for folder in (self.out, self.sent, self.inbox, self.fail, self._incoming):
            folder.mkdir(parents=True, exist_ok=True)
        self.state = State(root / "customs-state")
        self.script = Script(script or root / "customs-state" / "script.json", seed)
        row = self.state.db.execute("SELECT value FROM counters WHERE name = 'poll'").fetchone()
        self.polls = int(row[0]) if row else 0

    def poll(self) -> int:
        """Take the letters that are there, give the answers that are due; return how many of both.

        One transaction: answers are written before it commits and letters moved after, so a crash
        may repeat an answer and never loses one.
        """
        self.polls += 1
        changed = self.script.refresh()
        names = self._letters()
        if not names and not changed and not self.state.waiting():
            return 0
        self.state.begin()
        try:
            desk = Desk(self.state, self.script, self.polls)
            if changed:
                self._open_books(desk)
            boxes = [(name, self._take(desk, name)) for name in names]
            answers = self._answer(desk)
            self.state.db.execute(
                "INSERT OR REPLACE INTO counters VALUES ('poll', ?)",
                (self.polls,),
            )
            self.state.commit()
        except BaseException:
            self.state.rollback()
            raise
        for name, box in boxes:
            (self.out / name).rename((self.sent if box == "sent" else self.fail) / name)
        return len(boxes) + answers

    def _letters(self) -> list[str]:
        with os.scandir(self.out) as entries:
            found = [
                (entry.stat().st_mtime_ns, entry.name)
                for entry in entries
                if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)
            ]
        return [name for _, name in sorted(found)[:_LETTERS_A_POLL]]

    def _open_books(self, desk: Desk) -> None:
        for book, lines in self.script.books.items():
            for line, quantity in lines.items():
                desk.book.open(book, line, quantity)

    def _take(self, desk: Desk, name: str) -> str:
        """Answer one letter and return the box it goes to; one seen before is only moved."""
        seen = self.state.seen(name)
        if seen:
            return seen
        box = "sent"
        data = (self.out / name).read_bytes()
        try:
            self.state.db.execute("SAVEPOINT letter")
            paper = take_apart(data)
            seq_no, preent_no = self._to_desk(desk, paper)
            if paper.kind in {"INV101", "SAS121"}:
                self._put(f"Successed_{name}", first_answer(seq_no, preent_no, "处理成功", "0"))
        except LetterRefused as refused:
            box = "fail"
            self._put(f"Failed_{name}", first_answer("", refused.preent_no, refused.note, "-1"))
        except (ValueError, ArithmeticError) as error:
            box = "fail"
            self.state.db.execute("ROLLBACK TO letter")
            self._refuse_unread(desk, name, data, str(error))
        self.state.remember(name, box)
        return box

    def _to_desk(self, desk: Desk, paper: Paper) -> tuple[str, str]:
        for sheaf in paper.documents:
            match paper.kind:
                case "CEB621":
                    crossborder.take_list(desk, sheaf)
                case "CEB311" | "CEB411" | "CEB511":
                    crossborder.take_document(desk, paper.kind, sheaf)
                case "INV101":
                    seq_no = checklists.take_checklist(desk, sheaf)
                    return seq_no, sheaf.head["etpsinnerinvtno"]
                case "SAS121":
                    return sheets.take_sheet(desk, sheaf), sheaf.head["etpspreentno"]
                case "GATE81":
                    sheets.take_gate_pass(desk, sheaf)
                case _:
                    raise ValueError(paper.kind)
        return "", ""

    def _refuse_unread(self, desk: Desk, name: str, original: bytes, why: str) -> None:
        if not name.startswith("CEB"):
            self._put(f"Failed_{name}", first_answer("", "", why[:200], "-1"))
            return
        serial = self.state.next("receipt")
        refusal = {
            "guid": guid(self.script.seed, "CEB900", name, serial),
            "returnStatus": "-1",
            "returnInfo": why[:200],
            "returnTime": stamp(desk.now),
            "oriCopMsgId": name,
            "oriMessageType": "Unknown",
            "oriBizMessage": original[:2000].decode("utf-8", "replace"),
        }
        refusal = {key: _printable(text) for key, text in refusal.items()}
        message = guid(self.script.seed, "message", serial)
        data = ceb_receipt("CEB900", "MessageReturn", message, [refusal])
        self._put(f"CEB900_{serial:09d}.xml", data)

    def _answer(self, desk: Desk) -> int:
        """Write what is due: CEB receipts of a kind together, special-zone ones one by one."""
        returns: dict[str, list[dict[str, Any]]] = {}
        count = 0
        for kind, body in self.state.due(self.polls):
            count += 1
            if kind == "@entry":
                checklists.entry_released(desk, body["number"])
            elif kind == "@flow":
                checklists.flow_settled(desk, body["number"])
            elif kind == "rubbish":
                self._put(f"CEB622_{self.state.next('file'):09d}.xml", b"<CEB622Message><Inven")
            elif kind in crossborder.ELEMENTS:
                many = returns.setdefault(kind, [])
                many.append(body)
                if len(many) == _DOCUMENTS_A_RECEIPT:
                    self._put_returns(kind, returns.pop(kind))
            else:
                self._put_zone(kind, body["parts"])
        for kind, many in returns.items():
            self._put_returns(kind, many)
        return count

    def _put_returns(self, kind: str, returns: list[dict[str, Any]]) -> None:
        serial = self.state.next("file")
        message = guid(self.script.seed, "message", serial)
        data = ceb_receipt(kind, crossborder.ELEMENTS[kind], message, returns)
        self._put(f"{kind}_{serial:09d}.xml", data)

    def _put_zone(self, kind: str, parts: list[tuple[str, dict[str, str]]]) -> None:
        now = beijing()
        number = f"CUS0000E010000{stamp(now)}{self.state.next('file'):09d}"
        ending = "INV" if kind.startswith("INV") else "SAS"
        self._put(f"{number}.{ending}", zone_receipt(kind, number, parts, now))

    def _put(self, name: str, data: bytes) -> None:
        aside = self._incoming / name
        aside.write_bytes(data)
        aside.rename(self.inbox / name)


def _printable(text: str) -> str:
    return "".join(one for one in text if one.isprintable() or one in "\n\t")
