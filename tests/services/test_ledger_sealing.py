"""The sealer: every committed posting once, in order, whatever commits late or dies half-way."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from ledger_site import BOOK, SITE, q
from sealed_site import LOG, PATIENCE, meddling, sealed_site
from sqlalchemy import make_url, text

from counterparts.stack.postgres import ADMIN, APP
from wms.kernel.errors import Conflict
from wms.kernel.ids import new_id
from wms.ledger import posting, statements
from wms.ledger.seal import proving, sealing
from wms.ledger.seal.keys import KeyFile
from wms.ledger.seal.rounds import EVERY, Sealer
from wms.ledger.seal.witnessing import NEWEST, folder_of
from wms.ledger.terms import DocumentRef

STEP = timedelta(seconds=EVERY)
INSERT = (
    "INSERT INTO ledger_posting SELECT 1, %s, %s, 'statement', 1, '', 'test', 'x', NULL, now(),"
    " now(), %s, '', NULL, NULL, '\\x00', coalesce((SELECT max(era) FROM ledger_era), 1),"
    " pg_current_xact_id()"
)
KEY = "INSERT INTO ledger_key VALUES (1, %s, '\\x00', %s)"


@pytest.fixture
def site(database_url, tmp_path):
    with sealed_site(database_url, tmp_path / "witness") as site:
        yield site


@pytest.fixture
def admin(superuser_url):
    """A superuser who states things by hand: connections of one transaction each."""

    def connect():
        return psycopg.connect(superuser_url.replace("+psycopg", ""))

    return connect


def state(connection, word=None):
    """Put a posting in, in the transaction this connection is in."""
    posting_id, key = new_id(), word or str(new_id())
    connection.execute(INSERT, (posting_id, key, new_id()))
    connection.execute(KEY, (key, posting_id))
    return posting_id


def sealed_ids(site):
    return [row.posting_id for row in site.rows("SELECT * FROM seal_leaf ORDER BY leaf_index")]


def assert_all_sealed_once(site):
    site.seal()
    report = site.verify()
    assert (report.counts, report.unsealed) == ({}, 0)
    found = sealed_ids(site)
    assert len(found) == len(set(found)) == report.postings == report.tree_size


def test_everything_is_sealed_once_and_an_idle_pass_leaves_no_trace(site):
    site.live()
    assert_all_sealed_once(site)
    trail = "SELECT count(*) FROM trail"
    before = site.one(trail), site.newest()
    assert site.pass_once().postings == 0
    assert (site.one(trail), site.newest()) == before
    assert (folder_of(site.witness, SITE) / NEWEST).read_text() == before[1]
    assert site.one("SELECT count(*) FROM seal_checkpoint") >= 2


def test_a_transaction_that_began_early_and_commits_late_is_neither_skipped_nor_overtaken(
    site, admin
):
    site.pass_once()  # opens the first era
    with closing(admin()) as early, closing(admin()) as undone, closing(admin()) as part:
        late = state(early)
        lost = state(undone)
        part.execute("SAVEPOINT one")
        never = state(part)
        part.execute("ROLLBACK TO one")
        kept = state(part)
        with closing(admin()) as quick:
            first = state(quick)
            quick.commit()
        for _ in range(3):
            assert site.pass_once().postings == 0
        undone.rollback()
        part.commit()
        assert site.pass_once().postings == 0
        assert site.ledger.read(sealing.status).unsealed == 2
        early.commit()
        assert_all_sealed_once(site)
        ids = sealed_ids(site)
        assert ids == [late, kept, first]
        assert not {lost, never} & set(ids)


def test_two_phase_and_two_sealers_at_once_lose_and_double_nothing(site, admin):
    stop, faults = threading.Event(), []

    def keep_sealing():
        while not stop.is_set():
            try:
                site.pass_once()
            except Exception as fault:  # noqa: BLE001 - shown at the end
                faults.append(fault)

    sealers = [threading.Thread(target=keep_sealing) for _ in range(3)]
    for thread in sealers:
        thread.start()
    with closing(admin()) as one, closing(admin()) as two:
        for _ in range(40):
            state(one)
            state(two)
            two.commit()
            one.commit()
    stop.set()
    for thread in sealers:
        thread.join()
    assert faults == []
    assert_all_sealed_once(site)
    assert len(sealed_ids(site)) == 80


SEALER = """
import sys
from pathlib import Path
from wms.db.transaction import Doorway, make_engine
from wms.kernel.ids import SiteId
from wms.ledger.seal.keys import KeyFile
from wms.ledger.seal.rounds import seal_site
key = KeyFile(Path(sys.argv[2])).signers()[SiteId(1)]
doorway = Doorway(make_engine(sys.argv[1]))
print("ready", flush=True)
while True:
    seal_site(doorway, SiteId(1), key, Path(sys.argv[3]))
"""


@pytest.mark.parametrize("step", ["seal_leaf", "seal_checkpoint", "trail"])
def test_a_sealer_killed_between_two_steps_leaves_nothing_half_done(
    site, admin, database_url, tmp_path, step
):
    site.live(1)
    held = len(sealed_ids(site))
    KeyFile(tmp_path / "key").add(LOG)
    with closing(admin()) as blocker:
        blocker.execute(f"LOCK TABLE {step} IN SHARE MODE")
        with closing(admin()) as other:
            state(other)
            other.commit()
        command = [sys.executable, "-c", SEALER, database_url, tmp_path / "key", site.witness]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env={"PATH": os.defpath})
        try:
            assert process.stdout.readline() == b"ready\n"
            deadline = time.monotonic() + PATIENCE
            waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
            while not blocker.execute(waits, (step,)).fetchone()[0]:
                assert time.monotonic() < deadline
                time.sleep(0.02)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()
        name = make_url(database_url).database
        blocker.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            " AND wait_event_type = 'Lock'",
            (name,),
        )
        assert len(sealed_ids(site)) == held
    assert_all_sealed_once(site)
    assert len(sealed_ids(site)) == held + 1


def test_a_large_backlog_is_cut_at_the_end_of_a_transaction_and_its_subtrees_are_kept(site, admin):
    site.pass_once()
    with closing(admin()) as bulk:
        bulk.execute(
            "INSERT INTO ledger_posting SELECT 1, gen_random_uuid(), 'k' || g, 'move', 1, '',"
            " 'test', 'x', NULL, now(), now(), gen_random_uuid(), '', NULL, NULL, '', 1,"
            " (pg_current_xact_id()::text::bigint - 300 + g / 100)::text::xid8"
            " FROM generate_series(1, 20250) g"
        )
        bulk.execute(
            "INSERT INTO ledger_key SELECT 1, key, '\\x00', posting_id FROM ledger_posting"
        )
        account = new_id()
        bulk.execute(
            "INSERT INTO ledger_entry SELECT 1, posting_id, 1, %s, n, 'direct_in', 'arrival', NULL,"
            " NULL, 2, 0, 0, 0, 2 * n, 0, 0, 0, now(), now()"
            " FROM (SELECT posting_id, row_number() OVER () AS n FROM ledger_posting) p",
            (account,),
        )
        bulk.execute(
            "INSERT INTO ledger_account VALUES"
            " (1, %s, 'floor', 40500, 0, 0, 0, 20250, now(), now(), NULL)",
            (account,),
        )
        bulk.commit()
    assert_all_sealed_once(site)
    sizes = [row.tree_size for row in site.rows("SELECT * FROM seal_checkpoint ORDER BY tree_size")]
    assert sizes == [20_099, 20_250]
    assert site.one("SELECT count(*) FROM seal_node") == 20_250 // 256


def test_another_server_begins_another_era_and_closes_the_old_one(
    site, admin, postgres_cluster, database_url, tmp_path
):
    site.live(1)
    with closing(admin()) as more:
        left = state(more)
        more.commit()
    name = make_url(database_url).database
    copy = f"{name}_restored"
    site.doorway.engine_for(SITE).dispose()
    with postgres_cluster.admin() as cluster:
        cluster.execute(f"CREATE DATABASE {copy} TEMPLATE {name} OWNER {APP}")
    try:
        with sealed_site(postgres_cluster.url(copy), tmp_path / "elsewhere") as restored:
            assert restored.pass_once().opened_era == 2
            url = postgres_cluster.url(copy, ADMIN).replace("+psycopg", "")
            with psycopg.connect(url) as connection:
                new = state(connection)
            restored.seal()
            assert sealed_ids(restored)[-2:] == [left, new]
            eras = restored.rows("SELECT tree_size, era FROM seal_checkpoint ORDER BY tree_size")
            assert [row.era for row in eras][-2:] == [1, 2]
            assert restored.verify().counts == {}
            with psycopg.connect(url) as connection:  # an old era takes nothing any more
                late = new_id()
                connection.execute(
                    INSERT.replace("coalesce((SELECT max(era) FROM ledger_era), 1)", "1"),
                    (late, "late", new_id()),
                )
                connection.execute(KEY, ("late", late))
            assert restored.pass_once().postings == 0
            report = restored.verify()
            assert report.counts == {"log_has_every_posting": 1}
            assert report.findings[0].posting_id == late
    finally:
        with postgres_cluster.admin() as cluster:
            cluster.execute(f"DROP DATABASE {copy} WITH (FORCE)")


def test_a_posting_slipped_in_below_the_horizon_is_found_and_never_sealed(site, admin):
    site.live(1)
    with closing(admin()) as forger:
        slipped = new_id()
        forger.execute(INSERT.replace("pg_current_xact_id()", "'3'::xid8"), (slipped, "s", slipped))
        forger.execute(KEY, ("s", slipped))
        forger.commit()
    assert site.pass_once().postings == 0
    report = site.verify()
    assert report.counts == {"log_has_every_posting": 1}
    assert report.findings[0].posting_id == slipped


def test_nobody_signs_on_a_log_that_was_altered_or_that_a_witness_knows_more_of(site, admin):
    site.live(1)
    newest = folder_of(site.witness, SITE) / NEWEST
    ahead = newest.read_text()
    size = len(sealed_ids(site))
    newest.write_text(ahead.replace(f"\n{size}\n", f"\n{size + 1}\n"))
    site.ledger.post(posting.direct_in(site.ledger.floor(), q(1), "arrival:QD2"))
    with pytest.raises(Conflict, match=r"ledger\.witness_ahead"):
        site.pass_once()
    newest.write_text("no note")
    with pytest.raises(Conflict, match=r"ledger\.witness_unreadable"):
        site.pass_once()
    newest.write_text(ahead)
    with closing(admin()) as forger:
        forger.execute("ALTER TABLE seal_leaf DISABLE TRIGGER ALL")
        forger.execute("UPDATE seal_leaf SET leaf_hash = sha256('x') WHERE leaf_index = 3")
        forger.commit()
    with pytest.raises(Conflict, match=r"ledger\.log_altered"):
        site.pass_once()
    assert len(sealed_ids(site)) == size


def test_another_key_name_is_another_log(site):
    site.live(1)
    site.key = type(LOG).generate("another/1")
    site.ledger.post(posting.direct_in(site.ledger.floor(), q(1), "arrival:QD2"))
    with pytest.raises(Conflict, match=r"ledger\.log_of_another"):
        site.pass_once()


def test_status_and_position_say_how_the_seal_stands(site):
    site.live(1)
    posted = site.ledger.post(posting.direct_in(site.ledger.floor(), q(1), "arrival:QD2"))
    status = site.ledger.read(sealing.status)
    assert (status.unsealed, status.era, status.server_changed) == (1, 1, False)
    assert status.oldest_unsealed == site.ledger.clock.at
    assert site.ledger.read(lambda tx: proving.position(tx, posted.posting_id)) is None
    site.seal()
    status = site.ledger.read(sealing.status)
    size = len(sealed_ids(site))
    assert (status.unsealed, status.checkpoint.tree_size) == (0, size)
    assert site.ledger.read(lambda tx: proving.position(tx, posted.posting_id)) == size - 1


class Wired:
    def __init__(self, doorway, key_file=None, witness=None):
        self.doorway = doorway
        self.settings = type("S", (), {"seal_key_file": key_file, "seal_witness": witness})()


def test_the_round_seals_what_it_has_keys_for_and_says_once_what_is_missing(site, tmp_path, caplog):
    site.ledger.post(posting.direct_in(site.ledger.floor(), q(1), "arrival:QD2"))
    go_round = Sealer()
    for _ in range(3):
        assert go_round(Wired(site.doorway)) == 0
        site.ledger.clock.at += STEP
    assert caplog.text.count("WMS_SEAL_KEY_FILE is not set") == 1
    key_file = tmp_path / "keys"
    assert Sealer()(Wired(site.doorway, key_file)) == 0
    assert "holds no key" in caplog.text
    KeyFile(key_file).add(LOG)
    assert key_file.stat().st_mode & 0o777 == 0o600
    wired = Wired(site.doorway, key_file, tmp_path / "w")
    done, deadline = 0, time.monotonic() + PATIENCE
    while not done:
        assert time.monotonic() < deadline
        done = go_round(wired)
        site.ledger.clock.at += STEP
    assert done == 1
    key_file.write_text("PRIVATE+KEY+nonsense")
    go_round(wired)
    site.ledger.clock.at += STEP
    go_round(wired)
    assert "cannot be read" in caplog.text


def test_the_application_cannot_change_the_log(site):
    site.live(1)
    for table in ("seal_leaf", "seal_node", "seal_checkpoint", "seal_cosignature"):
        with (
            site.doorway.engine_for(SITE).connect() as connection,
            pytest.raises(Exception, match="permission denied"),
        ):
            connection.execute(text(f"DELETE FROM {table}"))


def test_a_stored_subtree_that_was_edited_moved_or_deleted_is_found(site, superuser_url):
    def say(tx):
        for n in range(300):
            about = DocumentRef("book", BOOK)
            statements.record(tx, f"said {n}", "customs.said", about, {"n": n})

    site.pass_once()  # opens the first era
    site.ledger.run(say)
    assert_all_sealed_once(site)
    assert site.one("SELECT count(*) FROM seal_node") == 1
    with meddling(superuser_url) as meddle:
        for attack in (
            "UPDATE seal_node SET node_hash = sha256('x')",
            "UPDATE seal_node SET node_index = 1",
            "DELETE FROM seal_node",
        ):
            assert meddle(attack).counts == {"log_nodes_are_its_own": 1}
