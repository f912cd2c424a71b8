"""Changes to what is on file: loading the demo site, again and again with the same result."""

from sqlalchemy.dialects.postgresql import insert

from wms.db.base import Base
from wms.db.transaction import Tx
from wms.ledger.books import AddBookLine, OpenBook, add_line, open_book
from wms.masterdata import queries, seed
from wms.masterdata.terms import LoadDemo


def load_demo(tx: Tx, command: LoadDemo) -> int:
    """Load the invented site and its code tables, open its books, the first with all articles.

    Rows that are there are brought to what the files say; nothing is taken away, no quantity is
    touched. Returns how many rows of master data stand after it.
    """
    count = 0
    for table, rows in seed.rows(command):
        _put(tx, table, rows)
        count += len(rows)
    _open_books(tx)
    tx.note("demo", command.site_id, after={"rows": count})
    return count


def _put(tx: Tx, table: type[Base], rows: list[seed.Row]) -> None:
    keys = [column.name for column in table.__mapper__.primary_key]
    statement = insert(table)
    others = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    tx.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=others), rows)


def _open_books(tx: Tx) -> None:
    """Open the site's two logistics books (bwlTypecd Z): cumulative, a line for each article.

    The second is non-cumulative and empty: goods come into it by a transfer, a line a consignment.
    """
    book_no = queries.site(tx).book_no
    for number, mode in ((book_no, "cumulative"), (seed.SECOND_BOOK, "non_cumulative")):
        open_book(tx, OpenBook(tx.site_id, number, kind="Z", mode=mode, opened_at=tx.now))
    for goods in queries.goods_list(tx, limit=1000):
        add_line(
            tx,
            AddBookLine(
                tx.site_id,
                book_no,
                line_no=goods.book_line_no,
                goods_no=goods.sku,
                hs_code=goods.hs10,
                name=goods.name_zh,
                unit=goods.unit,
                origin=goods.country,
            ),
        )
