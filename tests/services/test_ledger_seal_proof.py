"""Proofs: made from the database, checked with a file and a public key, else false."""

import base64
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from ledger_site import SITE
from sealed_site import LOG, WITNESS, sealed_site

from wms.cli import main
from wms.kernel.errors import Conflict, Invalid, Unknown
from wms.kernel.ids import new_id
from wms.ledger import cli
from wms.ledger.seal import proving, witnessing
from wms.ledger.seal.keys import KeyFile
from wms.ledger.seal.leaves import ENTRY, HEAD, LeafError, decode
from wms.ledger.seal.log import leaf_bytes
from wms.ledger.seal.notes import SignerKey

DOCS = Path(__file__).parents[2] / "docs" / "reference" / "sealing.md"


@pytest.fixture(scope="module")
def site(postgres_cluster, shared_database, tmp_path_factory):
    with sealed_site(postgres_cluster.url(shared_database), tmp_path_factory.mktemp("w")) as site:
        site.live()
        yield site


@pytest.fixture(scope="module")
def proof(site):
    """The proof of the posting with the most entries."""
    (row,) = site.rows(
        "SELECT posting_id FROM ledger_entry GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    )
    return site.ledger.read(lambda tx: proving.prove(tx, row.posting_id))


def test_the_bytes_hold_every_column_that_is_stored(site):
    for table, known in (("ledger_posting", HEAD), ("ledger_entry", ENTRY)):
        stored = site.rows(
            "SELECT column_name FROM information_schema.columns WHERE table_name = :t", t=table
        )
        assert {row.column_name for row in stored} == set(known)
    for head in site.rows("SELECT *, xact::text::bigint AS number FROM ledger_posting"):
        leaf = decode(site.ledger.read(lambda tx: leaf_bytes(tx, head.posting_id)))  # noqa: B023
        told = {name: getattr(head, name) for name in HEAD} | {"xact": head.number}
        assert leaf.head == told | {"body": bytes(head.body).decode()}
        entries = site.rows(
            "SELECT * FROM ledger_entry WHERE posting_id = :p ORDER BY leg", p=head.posting_id
        )
        assert leaf.entries == tuple(
            {name: getattr(entry, name) for name in ENTRY} for entry in entries
        )


def test_every_sealed_posting_has_a_proof_that_holds(site):
    for row in site.rows("SELECT posting_id, leaf_index FROM seal_leaf"):
        made = site.ledger.read(lambda tx: proving.prove(tx, row.posting_id))  # noqa: B023
        proven = proving.check(made, [LOG.verifier])
        assert (proven.index, proven.leaf.head["posting_id"]) == (row.leaf_index, row.posting_id)
        assert (proven.log, proven.witnesses) == (LOG.verifier, ())


def test_no_byte_of_the_sealed_posting_can_be_changed(proof):
    told = json.loads(proof)
    data = bytearray(base64.b64decode(told["leaf"]))
    for place in range(len(data)):
        data[place] ^= 1
        told["leaf"] = base64.b64encode(data).decode()
        with pytest.raises((Conflict, Invalid)):
            proving.check(json.dumps(told), [LOG.verifier])
        data[place] ^= 1
    for cut in (data[:-1], data + b"\0", b"", data[20:]):
        with pytest.raises(LeafError):
            decode(bytes(cut))


def changes(told):
    yield told | {"format": "bondhouse-proof/2"}
    yield told | {"index": told["index"] + 1}
    yield told | {"index": -1}
    yield told | {"index": True}
    yield told | {"path": told["path"][1:]}
    yield told | {"path": [*told["path"], told["path"][0]]}
    yield told | {"path": told["path"][::-1]}
    yield told | {"path": ["x"]}
    yield told | {"checkpoint": told["checkpoint"].replace("era 1", "era 2")}
    yield told | {"checkpoint": ""}
    yield told | {"readable": told["readable"] | {"reason": "another"}}
    yield told | {"readable": {}}
    yield {name: told[name] for name in told if name != "leaf"}
    yield []
    yield "text"


def test_a_proof_changed_in_any_part_is_refused(proof):
    for changed in changes(json.loads(proof)):
        with pytest.raises((Conflict, Invalid)):
            proving.check(json.dumps(changed), [LOG.verifier])
    for keys in ((), (WITNESS.verifier,), (SignerKey.generate(LOG.name).verifier,)):
        with pytest.raises(Conflict, match=r"ledger\.proof_fails"):
            proving.check(proof, keys)


def test_what_is_not_there_or_not_sealed_has_no_proof(site):
    with pytest.raises(Unknown, match=r"ledger\.posting_unknown"):
        site.ledger.read(lambda tx: proving.prove(tx, new_id()))
    site.ledger.fill(site.ledger.line(3), 1)
    (row,) = site.rows("SELECT posting_id FROM ledger_posting ORDER BY posting_id DESC LIMIT 1")
    with pytest.raises(Conflict, match=r"ledger\.not_sealed"):
        site.ledger.read(lambda tx: proving.prove(tx, row.posting_id))
    site.seal()


def run(*words):
    return CliRunner().invoke(main, ["ledger", *map(str, words)])


def test_the_command_checks_a_proof_without_settings_or_database(proof, tmp_path, monkeypatch):
    for name in ("WMS_DATABASE_URL", "WMS_SECRET_KEY", "WMS_EXCHANGE_ROOT"):
        monkeypatch.delenv(name, raising=False)
    file, key = tmp_path / "proof.json", tmp_path / "key.pub"
    file.write_text(proof)
    key.write_text(f"{LOG.verifier}\n")
    for words in (("--key", key), ("--key", LOG.verifier, "--language", "zh")):
        done = run("check-proof", file, *words)
        assert done.exit_code == 0, done.output
        assert LOG.name in done.output
    file.write_text(proof.replace('"direct_', '"indirect_'))
    assert run("check-proof", file, "--key", key).exit_code == 1
    file.write_text("{}")
    assert run("check-proof", file, "--key", key).exit_code == 2
    assert run("check-proof", file, "--key", "no key").exit_code == 2


def test_the_thirty_lines_of_the_documentation_check_it_too(proof, tmp_path):
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert len(code.strip().splitlines()) <= 36
    file = tmp_path / "proof.json"
    for content, good in (
        (proof, True),
        (proof.replace('"index": ', '"index": 1'), False),
        (proof.replace("era 1", "era 2"), False),
    ):
        file.write_text(content, encoding="utf-8")
        command = [sys.executable, "-c", code, str(file), str(LOG.verifier)]
        done = subprocess.run(command, capture_output=True, check=False)
        assert (done.returncode == 0) is good, done.stderr


def test_a_second_person_witnesses_with_files_alone(site, tmp_path):
    KeyFile(tmp_path / "witness").add(WITNESS)
    held, more, file = tmp_path / "held.note", tmp_path / "more.note", tmp_path / "advance.json"
    log, ours = ("--key", LOG.verifier), ("--with", tmp_path / "witness")
    file.write_text(site.ledger.read(lambda tx: witnessing.consistency_file(tx, 0)))
    assert run("cosign", file, *ours, *log, "-o", held).exit_code == 2  # neither --held nor --first
    assert run("cosign", file, "--first", *ours, *log, "-o", held).exit_code == 0
    size = int(held.read_text().split("\n")[1])
    site.live(1)
    file.write_text(site.ledger.read(lambda tx: witnessing.consistency_file(tx, size)))
    done = run("cosign", file, "--held", held, *ours, *log, "-o", more)
    assert done.exit_code == 0, done.output
    kept = witnessing.Witnessed(SITE, more.read_text(), str(WITNESS.verifier))
    for _ in range(2):
        site.ledger.run(lambda tx: witnessing.keep_cosignature(tx, kept))
    (row,) = site.rows("SELECT posting_id FROM seal_leaf WHERE leaf_index = 0")
    proven = proving.check(
        site.ledger.read(lambda tx: proving.prove(tx, row.posting_id)),
        [LOG.verifier, WITNESS.verifier],
    )
    assert [name for name, _ in proven.witnesses] == [WITNESS.name]
    told = json.loads(file.read_text())
    told["proof"] = told["proof"][1:]
    file.write_text(json.dumps(told))
    assert run("cosign", file, "--held", held, *ours, *log, "-o", more).exit_code == 1
    file.write_text("{}")
    assert run("cosign", file, "--held", held, *ours, *log, "-o", more).exit_code == 2


def test_a_cosignature_is_kept_only_for_what_the_log_holds(site):
    file = site.ledger.read(lambda tx: witnessing.consistency_file(tx, 0))
    note = witnessing.cosign(file, None, [LOG.verifier], WITNESS, site.ledger.clock.at)

    def keep(content, key=WITNESS.verifier):
        kept = witnessing.Witnessed(SITE, content, str(key))
        return site.ledger.run(lambda tx: witnessing.keep_cosignature(tx, kept))

    for content, key in (
        (site.newest(), WITNESS.verifier),
        (note, LOG.verifier),
        ("x", LOG.verifier),
    ):
        with pytest.raises(Invalid, match=r"ledger\.proof_unreadable"):
            keep(content, key)
    other = json.loads(file)["checkpoint"].split("\n\n")[0].replace("\nera", "\nmore 1\nera") + "\n"
    forged = f"{other}\n{LOG.sign(other)}{WITNESS.sign(other, 1)}"
    with pytest.raises(Conflict, match=r"ledger\.log_rewritten"):
        keep(forged)
    with pytest.raises(Conflict, match=r"ledger\.witness_ahead"):
        site.ledger.read(lambda tx: witnessing.consistency_file(tx, 10**6))


def test_keys_are_made_replaced_and_remembered(tmp_path):
    file = tmp_path / "key"
    first = run("keygen", file).output.strip()
    assert run("keygen", file).exit_code == 1
    second = run("keygen", file, "--replace").output.strip()
    assert [str(key) for key in KeyFile(file).verifiers()] == [first, second]
    assert str(KeyFile(file).signers()[SITE].verifier) == second
    assert run("keygen", file, "--name", "two words").exit_code == 2


def test_the_commands_go_the_whole_way(site, tmp_path):
    key_file = tmp_path / "key"
    KeyFile(key_file).add(LOG)
    settings = type("S", (), {"seal_key_file": key_file, "seal_witness": site.witness})()
    wired = type("W", (), {"settings": settings, "doorway": site.doorway})()
    commands = cli.group(lambda: wired)

    def run(*words):
        return CliRunner().invoke(commands, [str(word) for word in words])

    assert run("seal").exit_code == 0
    for words in ((), ("--language", "zh"), ("--json",), ("T6409W990009",)):
        done = run("verify", *words)
        assert done.exit_code == 0, done.output
    (row,) = site.rows("SELECT posting_id FROM seal_leaf WHERE leaf_index = 0")
    assert run("prove", row.posting_id, "-o", tmp_path / "p.json").exit_code == 0
    assert run("check-proof", tmp_path / "p.json", "--key", f"{key_file}.pub").exit_code == 0
    assert run("advance", "-o", tmp_path / "a.json").exit_code == 0
    done = run("verify", "--witness", tmp_path / "p.json")
    assert done.exit_code == 1
    assert "p.json" in done.output
    (tmp_path / "empty").mkdir()
    assert run("verify", "--witness", tmp_path / "empty").exit_code == 1
