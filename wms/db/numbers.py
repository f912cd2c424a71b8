"""Printed numbers: the next of a series, without gaps among committed work, never given twice."""

from typing import Final

from wms.db.transaction import Tx

_TAKE: Final = """
INSERT INTO number_series AS series (site_id, series, last) VALUES ($1, $2, $3)
ON CONFLICT (site_id, series) DO UPDATE SET last = series.last + excluded.last RETURNING last
"""


def next_number(tx: Tx, series: str, count: int = 1) -> int:
    """Return the first of `count` fresh numbers of a series (from 1), row-locked until commit."""
    ((last,),) = tx.call(_TAKE, tx.site_id, series, count)
    return int(last) - count + 1
