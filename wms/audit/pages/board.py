"""The start page: today's board, refreshing itself; whoever has none goes on to the scanner."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.audit import queries
from wms.audit.queries.board import midnight
from wms.audit.queries.todo import LONG
from wms.gate.queries.traffic import Passage
from wms.kernel.clock import BEIJING
from wms.masterdata import queries as masterdata
from wms.web.identity import actor, door, signed_in
from wms.web.layout import render

blueprint = Blueprint("board_pages", __name__, template_folder="../templates")

SHOWN: Final = 8
"""Things to do on the board; the rest is on the pages they stand on."""

PAPER_LOOK: Final = defaultdict(
    lambda: "waiting",
    {
        **dict.fromkeys(("refused", "rejected", "returned"), "refused"),
        **dict.fromkeys(("held", "manual"), "held"),
        **dict.fromkeys(("short", "attention"), "warning"),
        "approved": "ok",
    },
)
"""How a document that is not through looks; whatever is not stopped waits."""

WIDTH, LEFT, TOP, FLOOR = 776, 28, 14, 126
"""Of the chart, in its own units: 24 hours between LEFT and WIDTH, zero at FLOOR."""

_STEPS: Final = (4, 8, 20, 40, 80, 200, 400, 800, 2000)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart: which way, where, how high."""

    direction: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Vehicles by hour: bars, the lines of the grid (figure, y), where now is, and the table."""

    bars: tuple[Bar, ...]
    grid: tuple[tuple[int, float], ...]
    now: float
    hours: tuple[tuple[int, int, int], ...]


@blueprint.get("/")
@signed_in
def today() -> AnyResponse:
    """Show today's board; people without it (a scanner is all they have) go to their tasks."""
    if not actor().may("board.see"):
        return redirect(url_for("scans_pages.task_list"), 303)
    with door().read(actor()) as tx:
        found = queries.board(tx)
        site = masterdata.site(tx)
    return render(
        "audit/board.html",
        board=found,
        site=site,
        at=tx.now,
        chart=None if found.passages is None else chart(found.passages, tx.now),
        late=sum(tx.now - todo.at > LONG for todo in found.todos),
        shown=SHOWN,
        paper_look=PAPER_LOOK,
    )


def chart(passages: Iterable[Passage], now: datetime) -> Chart:
    """Lay the day's passages out, an hour a step, both ways stacked."""
    counts = Counter((one.passed_at.astimezone(BEIJING).hour, one.direction) for one in passages)
    tallest = max((counts[hour, "I"] + counts[hour, "E"] for hour in range(24)), default=0)
    top = next((step for step in _STEPS if step >= tallest), tallest)
    hour_width, unit = (WIDTH - LEFT) / 24, (FLOOR - TOP) / top
    bars = []
    for hour in range(24):
        y = float(FLOOR)
        for direction in ("I", "E"):
            height = counts[hour, direction] * unit
            y -= height
            if height:
                x = LEFT + hour * hour_width + 4
                bars.append(Bar(direction, round(x, 1), round(y, 1), 23, round(height, 1)))
    seconds = (now - midnight(now)).total_seconds()
    return Chart(
        tuple(bars),
        tuple((top * part // 4, round(FLOOR - top * part / 4 * unit, 1)) for part in range(5)),
        round(LEFT + seconds / 3600 * hour_width, 1),
        tuple(
            (hour, counts[hour, "I"], counts[hour, "E"])
            for hour in range(24)
            if counts[hour, "I"] or counts[hour, "E"]
        ),
    )
