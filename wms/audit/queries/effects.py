"""What an approval would do, account by account: the figure now and the figure after."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from wms.clearance import queries as clearance
from wms.clearance.service import PROPOSAL as TRANSFER
from wms.clearance.service import CorrectLines
from wms.db.payload import from_builtins
from wms.db.transaction import ReadTx
from wms.kernel.errors import Refusal
from wms.kernel.quantity import ZERO, Quantity, total
from wms.ledger import balances, books, reversing
from wms.ledger.approvals import Proposal
from wms.ledger.reversing import ReversePosting
from wms.stock import queries as stock
from wms.stock.terms import ADJUST, Adjust


@dataclass(frozen=True, slots=True)
class Effect:
    """One figure that would change: what it is (a kind and its facts), before and after."""

    what: str
    facts: dict[str, str]
    before: Quantity
    after: Quantity

    @property
    def change(self) -> Quantity:
        """After less before."""
        return self.after - self.before


def effects(tx: ReadTx, asked: Proposal) -> tuple[Effect, ...]:
    """Return what would happen if the proposal were approved now; empty for a kind not known.

    A proposal whose subject is gone meanwhile has no effects either: approving it is refused.
    """
    tell = _TOLD.get(asked.kind)
    if tell is None:
        return ()
    try:
        return tell(tx, asked)
    except Refusal:
        return ()


def _adjustment(tx: ReadTx, asked: Proposal) -> tuple[Effect, ...]:
    command = from_builtins(asked.command, Adjust)
    content = command.content
    here = total(
        [
            row.quantity
            for row in stock.contents(tx, command.number)
            if (row.unit, row.sku, row.lot, row.status)
            == (command.number, content.sku, content.lot, content.status)
        ]
    )
    site = total([row.total for row in stock.on_hand_by_goods(tx, (content.sku,))])
    unit = {"unit": command.number, "sku": content.sku, "lot": content.lot or "—"}
    return (
        Effect("unit", unit, here, here + content.quantity),
        Effect("floor", {"sku": content.sku}, site, site + content.quantity),
    )


def _reversal(tx: ReadTx, asked: Proposal) -> tuple[Effect, ...]:
    command = from_builtins(asked.command, ReversePosting)
    entries = balances.entries_in(tx, command.posting_id)
    now = balances.balances(tx, tuple({entry.account_id for entry in entries}))
    return tuple(
        Effect(
            "account",
            {
                "step": entry.step,
                "kind": entry.document.kind,
                "number": entry.document.number,
                "account": str(entry.account_id),
            },
            now[entry.account_id].stock,
            now[entry.account_id].stock - (entry.d_in - entry.d_out),
        )
        for entry in entries
    )


def _transfer(tx: ReadTx, asked: Proposal) -> tuple[Effect, ...]:
    found = clearance.transfer(tx, from_builtins(asked.command, CorrectLines).transfer_no)
    told = []
    for line in found.lines:
        for book_no, line_no, change in (
            (found.from_book, line.from_line, ZERO - line.quantity),
            (found.to_book, line.to_line, line.quantity),
        ):
            if line_no:
                account = books.line(tx, book_no, line_no).account_id
                stock_now = balances.balance(tx, account).stock
                facts = {"book": book_no, "line": str(line_no)}
                told.append(Effect("line", facts, stock_now, stock_now + change))
    return tuple(told)


_TOLD: Final[dict[str, Callable[[ReadTx, Proposal], tuple[Effect, ...]]]] = {
    ADJUST: _adjustment,
    reversing.KIND: _reversal,
    TRANSFER: _transfer,
}
