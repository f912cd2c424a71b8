"""Goods to another site: two local steps, one at each site, and what is on the way in between.

The sender's goods leave their line for its account of what is on the way to that site; the message
(`GoodsSentToSite`) is what the receiver expects and takes them by, and its answer empties that
account. Each step is one transaction at one site and is done once, however often it is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wms.clearance.errors import TransferMalformed, WrongState
from wms.clearance.events import GoodsSentToSite, SentGoods, SiteAnswered
from wms.clearance.models import TransferLineRow, TransferRow
from wms.clearance.queries import transit_account
from wms.clearance.rules import BookEvent, Role
from wms.clearance.service import book_lines, booking, timeline, transfer_rows
from wms.clearance.service.booking import Move, Why
from wms.clearance.service.shelves import is_cumulative
from wms.clearance.service.transfer_rows import TransferFiled, TransferGoods
from wms.clearance.terms import DocumentKind, TransferState, Way
from wms.db.transaction import Tx
from wms.kernel.errors import Refusal, Unknown
from wms.kernel.ids import SiteId, id_from
from wms.ledger import books, posting
from wms.ledger.terms import DocumentRef, Family
from wms.masterdata import queries as masterdata


@dataclass(frozen=True, slots=True)
class FileSiteTransfer:
    """Hold goods of a book for another site's book."""

    site_id: SiteId
    from_book: str
    to_site: SiteId
    to_book: str
    goods: tuple[TransferGoods, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class SendSiteTransfer:
    """The goods have left for the other site."""

    site_id: SiteId
    transfer_no: str


@dataclass(frozen=True, slots=True)
class WithdrawSiteTransfer:
    """The goods stay here after all."""

    site_id: SiteId
    transfer_no: str


@dataclass(frozen=True, slots=True)
class ExpectFromSite:
    """Another site has sent goods to a book of this one."""

    site_id: SiteId
    from_site: SiteId
    transfer_id: UUID
    transfer_no: str
    from_book: str
    to_book: str
    goods: tuple[SentGoods, ...]
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class TakeFromSite:
    """The goods another site sent are here."""

    site_id: SiteId
    transfer_no: str


@dataclass(frozen=True, slots=True)
class SettleWithSite:
    """The other site has answered."""

    site_id: SiteId
    other_site: SiteId
    transfer_id: UUID
    taken: bool
    reason: str


def file_site_transfer(tx: Tx, command: FileSiteTransfer) -> TransferFiled:
    """Hold the goods on their lines, and announce them in the account of what is on the way.

    Raises TransferMalformed, TransferShort or the ledger's Short naming all that is missing.
    """
    if command.to_site == tx.site_id:
        raise TransferMalformed(command.to_site, "another site")
    book = books.book(tx, command.from_book)
    taken = transfer_rows.take_from(tx, book, command.goods)
    row = transfer_rows.new(tx, Way.TO_SITE, book.book_no, command.to_book, command.note)
    row.other_site = command.to_site
    transit = transit_account(tx.site_id, book.book_no, command.to_site)
    posting.open_account(tx, Family.BOOK, transit)
    moves = list[Move]()
    for one in taken:
        moves.append(Move(Role.SOURCE, one.quantity, account_id=one.line.account_id))
        moves.append(Move(Role.INTO_TRANSIT, one.quantity, account_id=transit))
    reserves = booking.book(tx, BookEvent.SITE_HELD, moves, _why(tx, row, "held"))
    lines = [
        TransferLineRow(
            site_id=tx.site_id,
            transfer_id=row.transfer_id,
            number=place,
            sku=one.line.goods_no,
            quantity=one.quantity,
            line_no=one.line.line_no,
            account_id=one.line.account_id,
            other_line=0,
            reserve_id=reserves[2 * place - 2],
            transit_reserve_id=reserves[2 * place - 1],
        )
        for place, one in enumerate(taken, start=1)
    ]
    transfer_rows.keep(tx, row, lines)
    _tell(tx, row, "filed", "reserve_out")
    return transfer_rows.filed(row)


def withdraw_site_transfer(tx: Tx, command: WithdrawSiteTransfer) -> TransferFiled:
    """Let goods that have not left be free again; raise WrongState once they are on the way."""
    row = _standing(tx, command.transfer_no, Way.TO_SITE, TransferState.FILED)
    moves = list[Move]()
    for line in transfer_rows.lines_of(tx, row):
        moves.append(Move(Role.SOURCE, None, reserve_id=line.reserve_id))
        moves.append(Move(Role.INTO_TRANSIT, None, reserve_id=line.transit_reserve_id))
    booking.book(tx, BookEvent.SITE_WITHDRAWN, moves, _why(tx, row, "withdrawn"))
    row.state, row.settled_at = TransferState.REFUSED, tx.now
    _tell(tx, row, "transfer_withdrawn", "void_out")
    return transfer_rows.filed(row)


def send_site_transfer(tx: Tx, command: SendSiteTransfer) -> TransferFiled:
    """Take the goods out of their lines and tell the other site.

    Said again while no answer has come, the message goes out again and nothing moves: so a message
    that was lost with a restored database is made good. Raises WrongState after the answer.
    """
    row = transfer_rows.find(tx, command.transfer_no)
    lines = transfer_rows.lines_of(tx, row)
    if row.way != Way.TO_SITE or row.state not in {TransferState.FILED, TransferState.SENT}:
        raise WrongState(row.transfer_no, row.state, TransferState.FILED)
    if row.state == TransferState.FILED:
        _leave(tx, row, lines)
        row.state, row.sent_at = TransferState.SENT, tx.now
        _tell(tx, row, "transfer_sent", "transfer")
    tx.announce(
        GoodsSentToSite(
            tx.site_id,
            SiteId(row.other_site or 0),
            row.transfer_id,
            row.transfer_no,
            row.book_no,
            row.other_book,
            tuple(_sent(tx, row, line) for line in lines),
            row.sent_at or tx.now,
        )
    )
    return transfer_rows.filed(row)


def expect_from_site(tx: Tx, command: ExpectFromSite) -> TransferFiled:
    """Expect what another site has sent (预增), or answer at once why it is not taken.

    Heard again it changes nothing; an answer that was given is given again, it may have been lost.
    """
    known = tx.session.get(TransferRow, (tx.site_id, command.transfer_id), with_for_update=True)
    if known is not None:
        if known.state != TransferState.EXPECTED:
            _answer(tx, known)
        return transfer_rows.filed(known)
    row = TransferRow(
        site_id=tx.site_id,
        transfer_id=command.transfer_id,
        transfer_no=command.transfer_no,
        way=Way.FROM_SITE,
        state=TransferState.EXPECTED,
        book_no=command.to_book,
        other_site=command.from_site,
        other_book=command.from_book,
        reason="",
        refusal="",
        filed_at=tx.now,
        sent_at=command.sent_at,
    )
    transfer_rows.keep(tx, row)
    try:
        accounts = _lines_for(tx, row, command.goods)
    except Refusal as refusal:
        row.state, row.refusal, row.settled_at = TransferState.REFUSED, str(refusal)[:500], tx.now
        _tell(tx, row, "transfer_refused", "")
        _answer(tx, row)
        return transfer_rows.filed(row)
    moves = [
        Move(Role.TARGET, one.quantity, account_id=line.account_id)
        for one, line in zip(command.goods, accounts, strict=True)
    ]
    reserves = booking.book(tx, BookEvent.SITE_EXPECTED, moves, _why_in(tx, row, "expected"))
    for line, reserve_id in zip(accounts, reserves, strict=True):
        line.reserve_id = reserve_id
    tx.session.add_all(accounts)
    _tell(tx, row, "transfer_expected", "reserve_in")
    return transfer_rows.filed(row)


def take_from_site(tx: Tx, command: TakeFromSite) -> TransferFiled:
    """Take expected goods into the book (实增) and answer the site that sent them.

    Said again it only answers again. Raises WrongState for a transfer that was not taken on.
    """
    row = transfer_rows.find(tx, command.transfer_no)
    expected = {TransferState.EXPECTED, TransferState.DONE}
    if row.way != Way.FROM_SITE or row.state not in expected:
        raise WrongState(row.transfer_no, row.state, TransferState.EXPECTED)
    if row.state == TransferState.EXPECTED:
        moves = [
            Move(Role.TARGET, line.quantity, reserve_id=line.reserve_id)
            for line in transfer_rows.lines_of(tx, row)
        ]
        booking.book(tx, BookEvent.SITE_TAKEN, moves, _why_in(tx, row, "taken"))
        row.state, row.settled_at = TransferState.DONE, tx.now
        _tell(tx, row, "transfer_taken", "post_in")
    _answer(tx, row)
    return transfer_rows.filed(row)


def settle_with_site(tx: Tx, command: SettleWithSite) -> TransferFiled:
    """Empty the account of what is on the way: the goods are there, or come back to their line.

    An answer heard again changes nothing. Raises TransferUnknown for a transfer this site has not
    made (a restored backup may have lost it), WrongState for one that never left.
    """
    row = tx.session.get(TransferRow, (tx.site_id, command.transfer_id), with_for_update=True)
    if row is None or row.other_site != command.other_site or row.way != Way.TO_SITE:
        raise Unknown("clearance.transfer_unknown", read=command.transfer_id)
    if row.state in {TransferState.DONE, TransferState.REFUSED}:
        return transfer_rows.filed(row)
    if row.state != TransferState.SENT:
        raise WrongState(row.transfer_no, row.state, TransferState.SENT)
    lines = transfer_rows.lines_of(tx, row)
    row.settled_at = tx.now
    if command.taken:
        moves = [_out_of_transit(line) for line in lines]
        booking.book(tx, BookEvent.SITE_ANSWERED, moves, _why(tx, row, "answered"))
        row.state = TransferState.DONE
        _tell(tx, row, "transfer_taken", "post_out")
    else:
        _come_back(tx, row, lines)
        row.state, row.refusal = TransferState.REFUSED, command.reason[:500]
        _tell(tx, row, "transfer_refused", "transfer")
    return transfer_rows.filed(row)


def _leave(tx: Tx, row: TransferRow, lines: Sequence[TransferLineRow]) -> None:
    """Move the goods to the account of what is on the way, and hold them there for this message."""
    transit = transit_account(tx.site_id, row.book_no, SiteId(row.other_site or 0))
    moves = list[Move]()
    for line in lines:
        here, there = line.account_id, transit
        moves += (
            Move(Role.SOURCE, line.quantity, reserve_id=line.reserve_id, counter_account=there),
            Move(
                Role.INTO_TRANSIT,
                line.quantity,
                reserve_id=line.transit_reserve_id,
                counter_account=here,
            ),
            Move(Role.OUT_OF_TRANSIT, line.quantity, account_id=transit),
        )
    reserves = booking.book(tx, BookEvent.SITE_SENT, moves, _why(tx, row, "sent"))
    for place, line in enumerate(lines):
        line.reserve_id, line.transit_reserve_id = None, reserves[3 * place + 2]


def _come_back(tx: Tx, row: TransferRow, lines: Sequence[TransferLineRow]) -> None:
    """Bring refused goods back to the lines they came from, in one transaction of two postings."""
    moves = list[Move]()
    for line in lines:
        moves.append(_out_of_transit(line))
        moves.append(Move(Role.BACK, line.quantity, account_id=line.account_id))
    reserves = booking.book(tx, BookEvent.SITE_RETURNED, moves, _why(tx, row, "returned"))
    back = [
        Move(Role.BACK, line.quantity, reserve_id=reserves[2 * place + 1])
        for place, line in enumerate(lines)
    ]
    booking.book(tx, BookEvent.SITE_RESTORED, back, _why(tx, row, "restored"))


def _out_of_transit(line: TransferLineRow) -> Move:
    return Move(Role.OUT_OF_TRANSIT, line.quantity, reserve_id=line.transit_reserve_id)


def _lines_for(tx: Tx, row: TransferRow, goods: Sequence[SentGoods]) -> list[TransferLineRow]:
    """Return a line for each article: the filed one, or a new one of a non-cumulative book."""
    book = books.book(tx, row.book_no)
    found = []
    for one in goods:
        if masterdata.goods(tx, one.sku).unit != one.unit:
            raise TransferMalformed(f"{one.sku} {one.unit}", masterdata.goods(tx, one.sku).unit)
        into = books.line_for_goods(tx, book.book_no, one.sku) if is_cumulative(book) else None
        found.append(
            TransferLineRow(
                site_id=tx.site_id,
                transfer_id=row.transfer_id,
                number=one.number,
                sku=one.sku,
                quantity=one.quantity,
                line_no=into.line_no if into else 0,
                account_id=into.account_id if into else None,
                other_line=0,
            )
        )
    fresh = [line for line in found if line.account_id is None]
    last = book_lines.lock_lines(tx, book.book_no) if fresh else 0
    for number, line in enumerate(fresh, start=last + 1):
        opened = book_lines.open_line(tx, book.book_no, number, line.sku)
        line.line_no, line.account_id = opened.line_no, opened.account_id
    return found


def _sent(tx: Tx, row: TransferRow, line: TransferLineRow) -> SentGoods:
    filed = books.line(tx, row.book_no, line.line_no)
    return SentGoods(
        line.number,
        line.sku,
        filed.hs_code,
        filed.name,
        filed.unit,
        filed.origin,
        line.quantity,
    )


def _answer(tx: Tx, row: TransferRow) -> None:
    tx.announce(
        SiteAnswered(
            tx.site_id,
            SiteId(row.other_site or 0),
            row.transfer_id,
            row.transfer_no,
            row.state == TransferState.DONE,
            row.refusal,
            row.settled_at or tx.now,
        )
    )


def _standing(tx: Tx, number: str, way: Way, state: TransferState) -> TransferRow:
    row = transfer_rows.find(tx, number)
    if (row.way, row.state) != (way, state):
        raise WrongState(row.transfer_no, row.state, state)
    return row


def _why(tx: Tx, row: TransferRow, step: str) -> Why:
    key = f"transfer:{row.transfer_no}:{step}"
    return Why(key, DocumentRef("transfer", row.transfer_no), tx.now)


def _why_in(tx: Tx, row: TransferRow, step: str) -> Why:
    """Return a key made of the message alone: however it came here, it is booked once."""
    key = f"site:{id_from('in', str(row.transfer_id))}:{step}"
    return Why(key, DocumentRef("transfer", row.transfer_no), tx.now)


def _tell(tx: Tx, row: TransferRow, what: str, effect: str) -> None:
    timeline.record(
        tx, DocumentKind.TRANSFER, row.transfer_no, what, info=row.refusal, effect=effect
    )
