"""Book, floor and customs of every line, read in one snapshot and compared."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from wms.audit import rules
from wms.audit.queries.parting import with_partings
from wms.audit.queries.stating import counted, stated
from wms.audit.terms import (
    Compared,
    Counted,
    Figures,
    LineKey,
    Movement,
    Reconciliation,
    Side,
    Stated,
    UnderWay,
)
from wms.clearance import queries as clearance
from wms.clearance.queries.unsettled import UnsettledLine, unsettled
from wms.db import payload
from wms.db.transaction import ReadTx
from wms.inbound import queries as inbound
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger import books, proof
from wms.ledger.books import BookLine
from wms.ledger.terms import Balance
from wms.stock import queries as stock

_PAGE: Final = 2000
_Key = tuple[str, int]


def reconcile(tx: ReadTx, book_no: str | None = None) -> Reconciliation:
    """Return every line of one book (or of all) with its figures and the verdict.

    A fixed number of statements however many lines there are. Needs a snapshot:
    `door().read(actor, snapshot=True)`, or a command marked `one_moment`. Damaged and held pieces
    count as on the floor. Raises Unknown `ledger.book_unknown`.
    """
    if book_no is not None:
        books.book(tx, book_no)
    lines = _lines(tx)
    floor = {row.sku: row.total for row in stock.on_hand_by_goods(tx)}
    customs = {
        (number, row.line_no): row.in_ - row.out
        for number in sorted({line.book_no for line, _ in lines})
        for row in clearance.customs_figures(tx, number)
    }
    beside = _Beside(_under_way(tx, lines), stated(tx, customs), counted(tx))
    figures = _figures(lines, floor, customs, beside)
    compared = tuple(rules.compare(one) for one in figures if book_no in (None, one.book_no))
    postings = proof.posting_count(tx)
    digest = payload.digest(compared).hex()
    return Reconciliation(tx.now, postings, digest, compared)


def line(tx: ReadTx, key: LineKey | None) -> Compared | None:
    """Return one line as the whole comparison sees it, with where it parts; None for none such."""
    found = next((one for one in reconcile(tx).lines if one.figures.key == key), None)
    return None if found is None else with_partings(tx, (found,))[0]


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is known of lines beside the three figures: papers, customs' statements, counts."""

    ways: Mapping[_Key, tuple[UnderWay, ...]]
    stated: Mapping[_Key, Stated]
    counted: Mapping[str, Counted]


def _lines(tx: ReadTx) -> list[tuple[BookLine, Balance]]:
    found: list[tuple[BookLine, Balance]] = []
    for book in books.books(tx):
        after = 0
        while page := books.lines(tx, book.book_no, after, _PAGE):
            found += page
            after = page[-1][0].line_no
    return found


def _under_way(
    tx: ReadTx, lines: Iterable[tuple[BookLine, Balance]]
) -> dict[_Key, tuple[UnderWay, ...]]:
    """Return what papers explain, by book line."""
    awaited = inbound.open_checklists(tx)
    papers = unsettled(tx, awaited)
    received = inbound.received_by_checklist(
        tx, {paper.inner_no for paper in papers if paper.direction == "I"}
    )
    found: dict[_Key, list[UnderWay]] = defaultdict(list)
    for key, move in (*_movements(papers, received, awaited), *_undeclared(lines, received)):
        way = rules.under_way(move)
        if way is not None:
            found[key].append(way)
    return {key: tuple(ways) for key, ways in found.items()}


def _movements(
    papers: Iterable[UnsettledLine],
    received: dict[tuple[str, str], Quantity],
    awaited: frozenset[str],
) -> list[tuple[_Key, Movement]]:
    """Return each paper's line as a movement, and take what it explains out of `received`."""
    by_goods: dict[tuple[str, str], list[UnsettledLine]] = defaultdict(list)
    for paper in papers:
        by_goods[paper.inner_no, paper.sku].append(paper)
    found = []
    for goods, same in by_goods.items():
        came = rules.share(received.pop(goods, ZERO), [paper.declared for paper in same])
        for paper, quantity in zip(same, came, strict=True):
            move = Movement(
                paper.inner_no,
                paper.direction,
                paper.declared,
                paper.figure,
                quantity,
                paper.posted,
                paper.passed,
                paper.inner_no in awaited,
                paper.paired,
            )
            found.append(((paper.book_no, paper.line_no), move))
    return found


def _undeclared(
    lines: Iterable[tuple[BookLine, Balance]], received: Mapping[tuple[str, str], Quantity]
) -> list[tuple[_Key, Movement]]:
    """Return goods that came without being declared: they wait for the amendment that adds them."""
    first: dict[str, _Key] = {}
    for line, _ in lines:
        first.setdefault(line.goods_no, (line.book_no, line.line_no))
    return [
        (first[sku], Movement(number, "I", ZERO, received=quantity))
        for (number, sku), quantity in received.items()
        if sku in first
    ]


def _figures(
    lines: Iterable[tuple[BookLine, Balance]],
    floor: dict[str, Quantity],
    customs: Mapping[_Key, Quantity],
    beside: _Beside,
) -> list[Figures]:
    """Join the sides by line; what is left of the floor has no line in any book."""
    found: list[Figures] = []
    by_goods: dict[str, list[int]] = defaultdict(list)
    for place, (line, balance) in enumerate(lines):
        key = (line.book_no, line.line_no)
        first = line.goods_no not in by_goods
        by_goods[line.goods_no].append(place)
        found.append(
            Figures(
                line.book_no,
                line.line_no,
                line.goods_no,
                line.name,
                line.unit,
                balance.stock,
                balance.pre_in,
                balance.pre_out,
                ZERO,
                customs.get(key, ZERO),
                beside.ways.get(key, ()),
                beside.stated.get(key),
                beside.counted.get(line.goods_no) if first else None,
                line.account_id,
            )
        )
    for sku, places in by_goods.items():
        wanted = [found[at].book + rules.explained(found[at], Side.FLOOR) for at in places]
        for at, there in zip(places, rules.share(floor.pop(sku, ZERO), wanted), strict=True):
            found[at] = replace(found[at], floor=there)
    stray = {**{sku: ZERO for sku in beside.counted if sku not in by_goods}, **floor}
    found += (
        Figures(
            *("", 0, sku, sku, "", ZERO, ZERO, ZERO, there, ZERO), counted=beside.counted.get(sku)
        )
        for sku, there in stray.items()
    )
    return found
