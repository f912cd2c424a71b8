"""Whatever a superuser does to history is found and named; what nobody touched raises no alarm."""

import hashlib

import pytest
from ledger_site import BOOK, SITE
from sealed_site import LOG, WITNESS, meddling, sealed_site
from sqlalchemy import text

from counterparts.stack.postgres import ADMIN
from wms.ledger.seal import witnessing
from wms.ledger.seal.leaves import ENTRY, HEAD
from wms.ledger.seal.log import LEAVES
from wms.ledger.seal.merkle import Edge, leaf_hash
from wms.ledger.seal.notes import Checkpoint, Note, SignerKey
from wms.ledger.seal.sealing import extension

ODD = "md5(coalesce({0}::text, '') || 'x')::uuid"
TEXT = "CASE WHEN left({0}, 1) = 'Z' THEN 'Y' ELSE 'Z' END || substr({0}, 2)"
CHANGED = {
    "site_id": "7",
    "kind": "CASE kind WHEN 'move' THEN 'close' ELSE 'move' END",
    "rule_version": "rule_version + 1",
    "document_line": "CASE WHEN document_line IS NULL THEN 1 ELSE NULL END",
    "effective_at": "effective_at + interval '1 microsecond'",
    "recorded_at": "recorded_at - interval '1 microsecond'",
    "value_at": "value_at - interval '1 microsecond'",
    "body": "body || '\\x20'::bytea",
    "era": "era + 1",
    "xact": "(xact::text::bigint + 1)::text::xid8",
    "leg": "leg + 10000",
    "seq": "seq + 100000",
}
"""How a column is changed by the least that can be changed; others by their type."""


def change(table, column):
    if column in CHANGED:
        return CHANGED[column]
    if column.endswith("_id") or column == "counter_account":
        return ODD.format(column)
    if table == "ledger_entry" and column.startswith(("d_", "in_", "out_", "pre_")):
        return f"{column} + CASE WHEN {column} = -1 THEN 2 ELSE 1 END"
    return TEXT.format(column)


@pytest.fixture(scope="module")
def lived(postgres_cluster, shared_database, tmp_path_factory):
    """A sealed ledger of some fifty postings, and the checkpoints a witness took on the way."""
    with sealed_site(postgres_cluster.url(shared_database), tmp_path_factory.mktemp("w")) as site:
        site.live()
        site.held = site.newest()
        site.live(1)
        file = site.ledger.read(lambda tx: witnessing.consistency_file(tx, 0))
        note = witnessing.cosign(file, None, (LOG.verifier,), WITNESS, site.ledger.clock.at)
        kept = witnessing.Witnessed(SITE, note, str(WITNESS.verifier))
        site.ledger.run(lambda tx: witnessing.keep_cosignature(tx, kept))
        yield site


@pytest.fixture(scope="module")
def meddle(postgres_cluster, shared_database, lived):
    with meddling(postgres_cluster.url(shared_database, ADMIN)) as meddle:
        yield meddle


def postings(meddle, condition="true"):
    def look(tx):
        found = tx.session.execute(text(f"SELECT count(*) FROM ledger_posting WHERE {condition}"))
        return found.scalar_one()

    return meddle(look=look)


def test_nothing_is_found_where_nothing_was_touched(lived, meddle):
    witnesses = [("held", lived.held), ("newest", lived.newest())]
    for report in (
        lived.verify(witnesses=witnesses),
        lived.verify(book_no=BOOK, witnesses=witnesses),
        meddle(),
    ):
        assert (report.counts, report.findings) == ({}, [])
        assert report.checkpoints >= 3
        assert report.tree_size == lived.one("SELECT count(*) FROM ledger_posting")
    assert lived.verify(witnesses=witnesses).witnessed == ["held", "newest"]


@pytest.mark.parametrize(
    ("table", "column"),
    [("ledger_posting", name) for name in HEAD] + [("ledger_entry", name) for name in ENTRY],
)
def test_every_stored_value_is_sealed(meddle, table, column):
    """Every row but the first few, in this one column: each posting is named."""
    total = postings(meddle)
    rows = f"posting_id IN (SELECT posting_id FROM {table} ORDER BY md5(posting_id::text) LIMIT 40)"

    def touched(tx):
        query = f"SELECT count(DISTINCT posting_id) FROM {table} WHERE {rows}"
        return tx.session.execute(text(query)).scalar_one()

    count = meddle(look=touched)
    assert 20 < count <= total
    report = meddle(f"UPDATE {table} SET {column} = {change(table, column)} WHERE {rows}")
    assert report.counts["log_leaf_is_posting"] == count
    named = [one for one in report.findings if one.law == "log_leaf_is_posting"]
    assert len(named) == 5
    assert all(one.leaf_index is not None and one.posting_id for one in named)


def test_what_is_deleted_is_missed(meddle):
    one = "posting_id = (SELECT posting_id FROM seal_leaf WHERE leaf_index = 5)"
    whole = meddle(
        f"DELETE FROM ledger_entry WHERE {one}", f"DELETE FROM ledger_posting WHERE {one}"
    )
    assert whole.counts["log_leaf_is_posting"] == 1
    assert [x.leaf_index for x in whole.findings if x.law == "log_leaf_is_posting"] == [5]
    assert {"keys_stand_for_postings", "sequence_has_no_gap"} <= set(whole.counts)
    moved = "posting_id = (SELECT posting_id FROM ledger_entry ORDER BY posting_id LIMIT 1)"
    legs = meddle(f"DELETE FROM ledger_entry WHERE {moved}")
    assert legs.counts["log_leaf_is_posting"] == 1
    head = meddle(f"DELETE FROM ledger_posting WHERE {one}")
    assert {"log_leaf_is_posting", "entries_have_their_posting"} <= set(head.counts)


SLIPPED = (
    "INSERT INTO ledger_posting SELECT site_id, gen_random_uuid(), 'slipped', 'statement', 1,"
    " 'customs.said', 'book', 'x', NULL, effective_at, recorded_at, actor_id, '', NULL, NULL,"
    " '\\x00', era, xact FROM ledger_posting ORDER BY posting_id LIMIT 1"
)


def test_what_is_inserted_below_the_horizon_is_found(meddle):
    report = meddle(
        SLIPPED,
        "INSERT INTO ledger_key SELECT site_id, key, '\\x00', posting_id FROM ledger_posting"
        " WHERE key = 'slipped'",
    )
    assert report.counts == {"log_has_every_posting": 1}
    assert report.findings[0].posting_id is not None


def test_two_entries_of_an_account_swapped_so_that_every_balance_fits_are_found(meddle):
    """The second and third entry of a line change places, balances recomputed as if always so."""
    pick = (
        "(SELECT account_id FROM ledger_entry GROUP BY account_id"
        " HAVING count(*) > 4 ORDER BY account_id LIMIT 1)"
    )
    report = meddle(
        f"UPDATE ledger_entry SET seq = CASE seq WHEN 2 THEN 100003 ELSE 100002 END"
        f" WHERE account_id = {pick} AND seq IN (2, 3)",
        f"UPDATE ledger_entry SET seq = seq - 100000 WHERE account_id = {pick} AND seq > 100000",
        f"""UPDATE ledger_entry e SET in_after = s.i, pre_in_after = s.pi, out_after = s.o,
              pre_out_after = s.po, recorded_at = s.r, value_at = s.v
              FROM (SELECT posting_id, leg, sum(d_in) OVER w i, sum(d_pre_in) OVER w pi,
                           sum(d_out) OVER w o, sum(d_pre_out) OVER w po,
                           max(recorded_at) OVER w r, max(value_at) OVER w v
                      FROM ledger_entry WHERE account_id = {pick}
                    WINDOW w AS (ORDER BY seq ROWS UNBOUNDED PRECEDING)) s
             WHERE s.posting_id = e.posting_id AND s.leg = e.leg""",
    )
    assert report.counts["log_leaf_is_posting"] == 2
    assert "running_balance_unbroken" not in report.counts


def test_two_leaves_swapped_are_found_and_the_first_is_named(meddle):
    report = meddle(
        "UPDATE seal_leaf SET leaf_index = CASE leaf_index WHEN 8 THEN -9 ELSE -8 END"
        " WHERE leaf_index IN (8, 9)",
        "UPDATE seal_leaf SET leaf_index = -leaf_index WHERE leaf_index < 0",
    )
    assert report.counts["log_has_its_root"] >= 1
    assert next(x.leaf_index for x in report.findings if x.law == "log_keeps_its_order") == 9


@pytest.mark.parametrize(
    ("statement", "law"),
    [
        ("UPDATE seal_leaf SET leaf_hash = sha256('x') WHERE leaf_index = 4",
         "log_leaf_is_posting"),
        ("DELETE FROM seal_leaf WHERE leaf_index = 4", "log_has_every_leaf"),
        ("UPDATE seal_leaf SET posting_id = gen_random_uuid() WHERE leaf_index = 4",
         "log_has_every_posting"),
        ("INSERT INTO seal_leaf SELECT 1, 10000, gen_random_uuid(), sha256('x')", "log_is_signed"),
        ("UPDATE seal_checkpoint SET root = sha256('x')", "log_has_its_root"),
        ("UPDATE seal_checkpoint SET horizon = (horizon::text::bigint + 1)::text::xid8",
         "checkpoint_says_what_is_signed"),
        ("UPDATE seal_checkpoint SET era = era + 1", "checkpoint_says_what_is_signed"),
        ("UPDATE seal_checkpoint SET signed_at = signed_at - interval '1 day'",
         "checkpoint_says_what_is_signed"),
        ("UPDATE seal_checkpoint SET note = replace(note, 'era 1', 'era 2')",
         "checkpoint_is_signed"),
        ("UPDATE seal_checkpoint SET note = left(note, 60)", "checkpoint_is_signed"),
        ("UPDATE ledger_account SET in_ = in_ + 1", "balance_is_sum"),
        ("UPDATE ledger_account SET seq = seq + 1", "balance_is_sum"),
        ("UPDATE ledger_account SET value_at = value_at + interval '1 s' WHERE seq > 0",
         "balance_is_sum"),
        ("UPDATE ledger_reserve SET open_ = open_ - 1 WHERE open_ > 0",
         "reservations_are_the_pending"),
        ("UPDATE ledger_reserve SET quantity = quantity + 1", "reservations_are_the_pending"),
        ("DELETE FROM ledger_reserve", "reservations_are_the_pending"),
        ("DELETE FROM ledger_account WHERE seq > 3", "entries_have_their_account"),
        ("DELETE FROM ledger_key", "keys_stand_for_postings"),
        ("INSERT INTO ledger_key SELECT 1, 'more', '\\x00', gen_random_uuid()",
         "keys_stand_for_postings"),
        ("DELETE FROM ledger_reversal", "reversed_once_exactly"),
        ("INSERT INTO ledger_reversal SELECT 1, gen_random_uuid(), gen_random_uuid()",
         "reversed_once_exactly"),
        ("UPDATE ledger_decision SET verdict = 'refused'", "approved_by_another"),
        ("UPDATE ledger_decision SET xact = '4'", "approved_by_another"),
        (("UPDATE ledger_proposal SET proposed_by = d.decided_by FROM ledger_decision d"
         " WHERE d.proposal_id = ledger_proposal.proposal_id"), "approved_by_another"),
        ("UPDATE ledger_posting SET approval_id = NULL WHERE approval_id IS NOT NULL",
         "approved_by_another"),
        ("UPDATE ledger_period SET lines = lines + 1", "periods_keep_their_balances"),
        ("UPDATE ledger_period_balance SET in_ = in_ + 1", "periods_keep_their_balances"),
        ("DELETE FROM ledger_period_balance", "periods_keep_their_balances"),
        (("UPDATE ledger_entry SET d_in = d_in + 1, in_after = in_after + 1"
         " WHERE step = 'reserve_in'"), "steps_move_as_ruled"),
        (("UPDATE ledger_entry SET counter_account = gen_random_uuid()"
         " WHERE counter_account IS NOT NULL AND step = 'direct_in'"), "transfers_cancel"),
        ("UPDATE ledger_entry SET in_after = -in_after - 1", "running_balance_unbroken"),
        ("UPDATE ledger_entry SET recorded_at = recorded_at - seq * interval '1 hour'",
         "times_only_go_up"),
    ],
)  # fmt: skip
def test_each_law_is_asked_and_named(meddle, statement, law):
    report = meddle(statement)
    assert law in report.counts, report.counts
    assert not report.stands


CUT = (
    "DELETE FROM seal_cosignature",
    "DELETE FROM seal_checkpoint WHERE tree_size > (SELECT min(tree_size) FROM seal_checkpoint)",
    "DELETE FROM seal_leaf WHERE leaf_index >= (SELECT max(tree_size) FROM seal_checkpoint)",
)


def test_a_tail_cut_off_is_seen_by_the_witness_alone(lived, meddle):
    """All later leaves and checkpoints are gone as if they had never been; a note is left."""
    cut = meddle(*CUT, witnesses=[("held", lived.held), ("newest", lived.newest())])
    assert cut.counts["log_reaches_its_witness"] == 2
    assert not any(law.startswith("log_agrees") for law in cut.counts)


def forged(lived, key: SignerKey, *statements: str):
    """Rewrite the whole log over edited postings, signed by whoever holds the log's key."""

    def look(tx):
        connection = tx.connection
        leaves = connection.execute(
            text(f"SELECT leaf FROM ({LEAVES} true) l ORDER BY era, xact, posting_id"),
            {"site": SITE},
        ).scalars()
        rows = connection.execute(text("SELECT * FROM seal_checkpoint ORDER BY tree_size")).all()
        edge, made = Edge(), [leaf_hash(bytes(data)) for data in leaves]
        for index, hash_ in enumerate(made):
            connection.execute(
                text("UPDATE seal_leaf SET leaf_hash = :h WHERE leaf_index = :i"),
                {"h": hash_, "i": index},
            )
        for row in rows:
            while edge.size < row.tree_size:
                edge.append(made[edge.size])
            lines = extension(row.era, int(row.horizon), row.signed_at)
            body = str(Checkpoint(key.name, edge.size, edge.root(), lines))
            connection.execute(
                text("UPDATE seal_checkpoint SET root = :r, note = :n WHERE tree_size = :s"),
                {"r": edge.root(), "n": str(Note(body, (key.sign(body),))), "s": edge.size},
            )
        return lived.checker(tx)

    return look


@pytest.mark.parametrize("caught_by", ["nobody", "witness", "key"])
def test_a_forgery_that_fits_itself_is_caught_by_a_witness_or_for_want_of_the_key(
    lived, meddle, caught_by
):
    from wms.ledger import verifying  # noqa: PLC0415 - the look under test

    notes = [("held", lived.held)] if caught_by == "witness" else []
    keys = (LOG.verifier,)
    lived.checker = lambda tx: verifying.verify(tx, keys=keys, witnesses=notes)
    signer = SignerKey.generate(LOG.name) if caught_by == "key" else LOG
    edited = "UPDATE ledger_posting SET reason = 'nothing to see here' WHERE kind = 'reversal'"
    report = meddle(edited, look=forged(lived, signer))
    if caught_by == "nobody":  # this is what a witness is for
        assert report.counts == {}
    elif caught_by == "witness":
        assert report.counts == {"log_agrees_with_its_witness": 1}
    else:
        assert set(report.counts) == {"checkpoint_is_signed"}


def test_an_older_backup_is_seen_by_the_witness(lived, meddle):
    """The database as it was at the held checkpoint, with other postings made since."""
    other = hashlib.sha256(b"other").hexdigest()
    report = meddle(
        f"UPDATE ledger_posting SET key = '{other}' || key WHERE posting_id IN"
        " (SELECT posting_id FROM seal_leaf ORDER BY leaf_index DESC LIMIT 3)",
        look=lambda tx: forged_after(tx, lived),
    )
    assert report.counts["log_agrees_with_its_witness"] == 1


def forged_after(tx, lived):
    from wms.ledger import verifying  # noqa: PLC0415 - the look under test

    lived.checker = lambda tx: verifying.verify(
        tx, keys=(LOG.verifier,), witnesses=[("held", lived.held), ("newest", lived.newest())]
    )
    report = forged(lived, LOG)(tx)
    assert report.witnessed == ["held"]  # so far both are one history
    return report


def test_without_keys_nothing_is_called_signed_and_false_witnesses_are_named(lived):
    report = lived.verify(keys=())
    assert report.counts == {"checkpoint_is_signed": report.checkpoints}
    bad = lived.held.replace("era 1", "era 9")
    report = lived.verify(witnesses=[("bad", bad), ("none", "nothing")])
    assert report.counts == {"witness_is_signed": 2}
    elsewhere = SignerKey.generate("bondhouse.test/ledger/2")
    body = str(Checkpoint(elsewhere.name, 9, b"9" * 32))
    foreign = str(Note(body, (elsewhere.sign(body),)))
    report = lived.verify(
        keys=(LOG.verifier, elsewhere.verifier), witnesses=[("other site", foreign)]
    )
    assert (report.counts, report.witnessed) == ({}, [])


def test_a_cosignature_that_is_not_the_witness_s_is_named(meddle):
    for attack in (
        "UPDATE seal_cosignature SET line = replace(line, 'A', 'B')",
        "UPDATE seal_cosignature SET witness = 'someone.else/1'",
        "UPDATE seal_cosignature SET line = 'x'",
    ):
        assert meddle(attack).counts == {"witness_is_signed": 1}
