"""A working day goes through the whole system, and what is wrong with it does not go unseen."""

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from day_stack import WMS, Stack, ended, running
from sqlalchemy import create_engine, text

from counterparts.day.report import NAMES
from counterparts.stack.ports import free_port
from counterparts.stack.postgres import Cluster
from wms.kernel.quantity import SCALE

BOOK = "T6409W990001"


def test_the_account_of_a_seed_is_the_same_on_any_database(
    tmp_path: Path, postgres_cluster: Cluster, database_url: str, empty_database_url: str
) -> None:
    with running(tmp_path / "first", database_url) as stack:
        code, first = stack.play()
        assert (code, first["faults"], first["reconciliation"]["differences"]) == (0, [], [])
        code, later = stack.play()
        assert (code, later) == (0, first)
    empty = postgres_cluster.url(empty_database_url.rpartition("/")[2])
    with running(tmp_path / "second", empty, empty_database_url) as stack:
        code, second = stack.play()
    assert (code, second) == (0, first)
    assert first["day"] == {"orders": 40, "trucks": 2, "seed": 7}
    assert first["parcels"] == {"left": 37}
    assert first["labels"] == {"release": 37, "batch transfer": 1, "kept by the printer": 38}
    assert set(first["proof"].values()) == {0}
    told = {one["what"] for one in first["trouble"]}
    assert {"truck without a sheet", "book line is short", "parcel scanned twice"} <= told
    assert {"goods change their book", "posting reversed", "shortage reported to customs"} <= told
    assert told <= NAMES.keys(), "every trouble has its name in both languages"


def test_what_is_changed_behind_its_back_is_named(
    tmp_path: Path, database_url: str, superuser_url: str
) -> None:
    with running(tmp_path / "var", database_url) as stack:
        day = stack.start_day(20, 2, 3)
        replaced = _replace_a_label(stack, 17)
        _add_to_the_book(superuser_url)
        code, account = ended(day)
    assert code == 1
    assert any(f"label {replaced} reads" in fault for fault in account["faults"])
    assert any(fault.startswith("no label was printed") for fault in account["faults"])
    (difference,) = account["reconciliation"]["differences"]
    assert difference.startswith(f"{BOOK} line 80 ")
    assert account["proof"]["signed findings"] == 1
    assert account["proof"]["parting places"] > 0
    assert any(fault.startswith("wms ledger verify ends with 1: ") for fault in account["faults"])


def _replace_a_label(stack: Stack, after: int) -> str:
    """Put another label in the place of the first, once the printer has kept so many."""
    tray = stack.var / "printer"
    deadline = time.monotonic() + 120
    while len(kept := sorted(tray.glob("*.zpl"))) < after:
        assert time.monotonic() < deadline, f"{len(kept)} labels"
        time.sleep(0.02)
    shutil.copy(kept[1], kept[0])
    return kept[0].name


def _add_to_the_book(superuser_url: str) -> None:
    """Let a line hold pieces nobody has posted, as only the database's own superuser can."""
    engine = create_engine(superuser_url)
    with engine.begin() as connection:
        grown = connection.execute(
            text(
                "UPDATE ledger_account SET in_ = in_ + :more WHERE (site_id, account_id) IN"
                " (SELECT site_id, account_id FROM book_line"
                " WHERE site_id = 1 AND book_no = :book AND line_no = 80)"
            ),
            {"more": 5 * SCALE, "book": BOOK},
        )
        assert grown.rowcount == 1
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
