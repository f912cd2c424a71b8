"""A demo site with a second book, and a second person, for the tests of transfers."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from clearance_site import BOOK, MILK, NOW, SITE, Office

from wms.clearance import queries
from wms.clearance.service import (
    CorrectLines,
    FileTransfer,
    TransferFiled,
    TransferGoods,
    apply_correction,
    file_transfer,
)
from wms.db.payload import from_builtins
from wms.db.transaction import Tx
from wms.kernel.actor import Actor
from wms.kernel.ids import id_from
from wms.kernel.quantity import Quantity
from wms.ledger import approvals, books
from wms.ledger.approvals import Verdict
from wms.ledger.books import OpenBook
from wms.ledger.terms import Balance

SECOND = "T6409W990002"
Q = Quantity.of


def with_second_book(site: Office, mode: str = "non_cumulative") -> Office:
    """Open a second book; a cumulative one has the lines of the first, numbered from 101."""
    site.run(books.open_book, OpenBook(SITE, SECOND, "Z", mode, NOW))
    if mode == "cumulative":
        for sku in (MILK, "ME2-0025"):
            line = site.ask(books.line_for_goods, BOOK, sku)
            filed = books.AddBookLine(
                SITE,
                SECOND,
                100 + line.line_no,
                line.goods_no,
                line.hs_code,
                line.name,
                line.unit,
                line.origin,
            )
            site.run(books.add_line, filed)
    return site


def person(name: str) -> Actor:
    return Actor(id_from("person", name), name, "person", SITE)


def file(site: Office, *goods: tuple[str, int], back: bool = False) -> tuple[str, str, str]:
    """Return the numbers of a transfer to the second book and of its two checklists."""
    wanted = tuple(TransferGoods(sku, Q(quantity)) for sku, quantity in goods)
    way = (SECOND, BOOK) if back else (BOOK, SECOND)
    number = site.run(file_transfer, FileTransfer(SITE, *way, wanted)).transfer_no
    out, into = site.ask(queries.transfer, number).checklists
    return number, out, into


def approve(site: Office, proposal_id: UUID, by: Actor) -> TransferFiled:
    """Approve a proposal as the supervisor's room does: decision and deed in one transaction."""

    def handler(tx: Tx, _: CorrectLines) -> TransferFiled:
        asked = approvals.decide(tx, proposal_id, Verdict.APPROVED)
        return apply_correction(tx, from_builtins(asked.command, CorrectLines), proposal_id)

    return replace(site, actor=by).run(handler, CorrectLines(SITE, ""))


def stock(site: Office, book_no: str) -> dict[int, Balance]:
    """Return the balances of all lines of a book that ever moved, by line."""
    found = site.ask(books.lines, book_no)
    return {line.line_no: balance for line, balance in found if balance.seq}


def total(site: Office) -> Quantity:
    """Return what all books of the site hold together."""
    held: Any = [one.stock for book in (BOOK, SECOND) for one in stock(site, book).values()]
    return sum(held, Q(0))
