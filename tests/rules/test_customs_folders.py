"""The exchange folders: what is sent is sent once, what is received is read, whenever we die."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from wms.customs.codecs import Unreadable
from wms.customs.codecs.parsing import MAX_BYTES
from wms.customs.folders import Exchange, first_answer_name, letter_file

KILLED = """
import os, signal, sys
from pathlib import Path
root, step, job = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
from wms.customs.folders import Exchange
exchange, seen = Exchange(root), 0

def die_before(event, arguments):
    global seen
    moves = {"open", "os.rename", "os.link", "os.remove", "os.utime", "fcntl.flock", "os.scandir"}
    inside = event == "fcntl.flock" or (arguments and str(root) in str(arguments[0]))
    if event in moves and inside:
        seen += 1
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)

def fsync(handle, really=os.fsync):
    die_before("os.rename", [str(root)])
    really(handle)

os.fsync = fsync
sys.addaudithook(die_before)
if job == "send":
    exchange.send("CEB621", "0192-1", b"<letter/>" * 2000)
else:
    for name in exchange.waiting():
        claimed = exchange.claim(name)
        data = claimed.read()
        with open(root / "stored", "ab") as store:
            store.write(data + b"\\n")
        exchange.done(claimed)
"""


def killed_at(root: Path, step: int, job: str) -> bool:
    """Run the job in a process of its own that dies before its nth step; False when it lived."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(root), str(step), job],
        check=False,
        capture_output=True,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode != 0


def letters_in(root: Path) -> list[Path]:
    return [one for box in ("OutBox", "SentBox", "FailBox") for one in (root / box).glob("*.xml")]


@pytest.mark.parametrize("taken_by_client", [False, True])
def test_a_kill_at_any_step_of_sending_sends_once(tmp_path, taken_by_client):
    body, step = b"<letter/>" * 2000, 0
    lived = False
    while not lived:
        step += 1
        root = tmp_path / str(step)
        exchange = Exchange(root)
        lived = not killed_at(root, step, "send")
        # What is visible is whole, always.
        assert all(one.read_bytes() == body for one in letters_in(root))
        if taken_by_client:
            for one in exchange.out.glob("*.xml"):
                one.rename(exchange.sent / one.name)
        before = len(letters_in(root))
        assert exchange.send("CEB621", "0192-1", body) is (before == 0)
        assert [one.read_bytes() for one in letters_in(root)] == [body]
    assert step > 5


def test_a_kill_at_any_step_of_receiving_loses_nothing(tmp_path):
    step = 0
    lived = False
    while not lived:
        step += 1
        root = tmp_path / str(step)
        exchange = Exchange(root)
        for number in (1, 2):
            (exchange.inbox / f"CEB622_{number}.xml").write_bytes(b"receipt %d" % number)
        lived = not killed_at(root, step, "receive")
        later = time.time() + 100
        exchange.release_stale(50, later)
        assert not killed_at(root, 10_000, "receive")
        assert set((root / "stored").read_bytes().split()) == {b"receipt", b"1", b"2"}
        done = sorted(one.name for one in (exchange.inbox / ".done").iterdir())
        assert done == ["CEB622_1.xml", "CEB622_2.xml"]
        assert exchange.waiting() == []
        assert list((exchange.inbox / ".claimed").iterdir()) == []
    assert step > 8


def test_a_letter_is_sent_once_whatever_became_of_it(tmp_path):
    exchange = Exchange(tmp_path)
    for box in (exchange.out, exchange.sent, exchange.fail):
        name = f"x-{box.name}"
        assert exchange.send("INV101", name, b"1")
        (exchange.out / letter_file("INV101", name)).rename(box / letter_file("INV101", name))
        assert not exchange.send("INV101", name, b"2")
        assert (box / letter_file("INV101", name)).read_bytes() == b"1"
    assert list(exchange.sent_letters()) == ["INV101_x-SentBox.xml"]
    assert list(exchange.refused_letters()) == ["INV101_x-FailBox.xml"]


def test_two_senders_of_one_letter_and_two_readers_of_one_file(tmp_path):
    exchange, sent, claimed = Exchange(tmp_path), [], []
    (exchange.inbox / "r.xml").write_bytes(b"r")

    def work() -> None:
        sent.append(exchange.send("CEB621", "one", b"1"))
        claimed.append(exchange.claim("r.xml"))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sent.count(True) == 1
    assert len([one for one in claimed if one]) == 1


@pytest.mark.parametrize("letter_id", ["", "../x", "a/b", "a b", "a.b", "x" * 65, "号"])
def test_an_id_that_is_no_file_name_is_refused(tmp_path, letter_id):
    with pytest.raises(ValueError, match="CEB621"):
        Exchange(tmp_path).send("CEB621", letter_id, b"")


def test_names_of_first_answers():
    taken = first_answer_name("Successed_INV101_0192-ab.xml")
    assert taken is not None
    assert (taken.letter_id, taken.taken) == ("0192-ab", True)
    refused = first_answer_name("Failed_SAS121_7.xml~2")
    assert refused is not None
    assert (refused.letter_file, refused.letter_id, refused.taken) == ("SAS121_7.xml", "7", False)
    other = first_answer_name("Failed_something of theirs.zip")
    assert other is not None
    assert other.letter_id == ""
    assert first_answer_name("CEB622_1.xml") is None


def test_the_oldest_file_is_met_first_and_strange_ones_never(tmp_path):
    exchange = Exchange(tmp_path)
    for age, name in enumerate(["c.xml", "a.xml", "b.xml"]):
        (exchange.inbox / name).write_bytes(b"")
        os.utime(exchange.inbox / name, (1000 + age, 1000 + age))
    (exchange.inbox / ".hidden").write_bytes(b"")
    (exchange.inbox / "folder").mkdir()
    (exchange.inbox / "link.xml").symlink_to("/etc/passwd")
    assert exchange.waiting() == ["c.xml", "a.xml", "b.xml"]
    assert exchange.claim("link.xml") is None
    assert exchange.claim("folder") is None
    assert exchange.claim("../OutBox/x") is None
    assert exchange.claim("gone.xml") is None


def test_a_live_claim_is_left_alone_and_a_later_file_of_the_same_name_survives(tmp_path):
    exchange = Exchange(tmp_path)
    target = exchange.inbox / "r.xml"
    target.write_bytes(b"first")
    assert exchange.claim("r.xml")
    assert exchange.release_stale(60, time.time()) == 0
    target.write_bytes(b"second")
    assert exchange.claim("r.xml") is None
    assert exchange.release_stale(60, time.time() + 61) == 1
    assert sorted(exchange.waiting()) == ["r.xml", "r.xml~1"]
    assert (exchange.inbox / "r.xml~1").read_bytes() == b"first"


def test_what_cannot_be_read_is_put_aside(tmp_path):
    exchange = Exchange(tmp_path)
    with (exchange.inbox / "big.xml").open("wb") as file:
        file.truncate(50_000_000)
    claimed = exchange.claim("big.xml")
    assert claimed is not None
    with pytest.raises(Unreadable) as refused:
        claimed.read()
    assert refused.value.facts["expected"] == str(MAX_BYTES)
    exchange.failed(claimed)
    exchange.failed(claimed)
    assert [one.name for one in (exchange.inbox / ".failed").iterdir()] == ["big.xml"]
