"""A working day goes through the whole system, and what is wrong with it does not go unseen."""

import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from day_stack import WMS, Stack, ended, running

from counterparts.day.report import NAMES
from counterparts.stack.ports import free_port
from wms.db.transaction import Doorway, Tx, make_engine
from wms.kernel.actor import system_actor
from wms.kernel.ids import SiteId
from wms.kernel.quantity import Quantity
from wms.ledger import books, posting
from wms.ledger.terms import DocumentRef, Posting

SITE = SiteId(1)
BOOK = "T6409W990001"


def test_the_account_of_a_seed_is_the_same_on_any_database(
    tmp_path: Path, database_url: str, empty_database_url: str
) -> None:
    with running(tmp_path / "first", database_url) as stack:
        code, first = stack.play()
        assert (code, first["faults"], first["reconciliation"]["differences"]) == (0, [], [])
        code, later = stack.play()
        assert (code, later) == (0, first)
    with running(tmp_path / "second", empty_database_url) as stack:
        code, second = stack.play()
    assert (code, second) == (0, first)
    assert first["day"] == {"orders": 40, "trucks": 2, "seed": 7}
    assert first["parcels"] == {"left": 37}
    assert first["labels"] == {"release": 37, "batch transfer": 1, "kept by the printer": 38}
    told = {one["what"] for one in first["trouble"]}
    assert {"truck without a sheet", "book line is short", "parcel scanned twice"} <= told
    assert told <= NAMES.keys(), "every trouble has its name in both languages"


def test_what_is_changed_behind_its_back_is_named(tmp_path: Path, database_url: str) -> None:
    with running(tmp_path / "var", database_url) as stack:
        day = stack.start_day(20, 2, 3)
        replaced = _replace_a_label(stack, 17)
        _add_to_the_book(database_url)
        code, account = ended(day)
    assert code == 1
    assert any(f"label {replaced} reads" in fault for fault in account["faults"])
    assert any(fault.startswith("no label was printed") for fault in account["faults"])
    (difference,) = account["reconciliation"]["differences"]
    assert difference.startswith(f"{BOOK} line 80 ")


def _replace_a_label(stack: Stack, after: int) -> str:
    """Put another label in the place of the first, once the printer has kept so many."""
    tray = stack.var / "printer"
    deadline = time.monotonic() + 120
    while len(kept := sorted(tray.glob("*.zpl"))) < after:
        assert time.monotonic() < deadline, f"{len(kept)} labels"
        time.sleep(0.02)
    shutil.copy(kept[1], kept[0])
    return kept[0].name


@dataclass(frozen=True)
class Grow:
    site_id: SiteId
    line_no: int


def _add_to_the_book(database_url: str) -> None:
    """Let the book grow by pieces nobody has seen and customs has not heard of."""

    def grow(tx: Tx, command: Grow) -> None:
        account_id = books.line(tx, BOOK, command.line_no).account_id
        leg = posting.direct_in(account_id, Quantity.of(5), "nobody")
        paper = DocumentRef("nothing", "0")
        posting.post(tx, Posting("behind", paper, (leg,), tx.now))

    engine = make_engine(database_url)
    Doorway(engine).run(grow, Grow(SITE, 80), system_actor(SITE))
    engine.dispose()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--orders", "5"], "at least 20 orders"),
        (["--trucks", "1"], "2 to 16 trucks"),
        (["--url", "http://127.0.0.1:{port}"], "127.0.0.1:{port}"),
    ],
)
def test_a_day_that_cannot_begin_says_in_one_line_why(options: list[str], named: str) -> None:
    port = str(free_port())
    asked = [option.format(port=port) for option in options]
    day = subprocess.run([str(WMS), "day", *asked], capture_output=True, text=True, check=False)
    assert (day.returncode, day.stdout) == (2, "")
    assert day.stderr.startswith("wms day: ")
    assert day.stderr.count("\n") == 1
    assert named.format(port=port) in day.stderr
