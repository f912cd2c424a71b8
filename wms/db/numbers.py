"""Printed numbers: the next of a series, without gaps among committed work, never given twice."""

from sqlalchemy.dialects.postgresql import insert

from wms.db.models import NumberSeries
from wms.db.transaction import Tx


def next_number(tx: Tx, series: str, count: int = 1) -> int:
    """Return the first of `count` fresh numbers of a series (from 1), row-locked until commit."""
    row = insert(NumberSeries).values(site_id=tx.site_id, series=series, last=count)
    taken = tx.session.execute(
        row.on_conflict_do_update(
            index_elements=["site_id", "series"],
            set_={"last": NumberSeries.last + count},
        ).returning(NumberSeries.last)
    ).scalar_one()
    return taken - count + 1
