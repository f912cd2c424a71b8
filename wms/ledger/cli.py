"""`wms ledger …`: seal, verify, prove, and witness; a proof is checked with files alone."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import click

from wms.kernel.actor import Actor, system_actor
from wms.kernel.clock import SYSTEM_CLOCK
from wms.kernel.errors import Invalid, Refusal
from wms.kernel.ids import SiteId
from wms.ledger import verifying
from wms.ledger.seal import proving, witnessing
from wms.ledger.seal.keys import KeyFile, new_key, read_verifiers, write_whole
from wms.ledger.seal.notes import COSIGNATURE, ED25519, Checkpoint, Note, SignerKey, VerifierKey
from wms.ledger.seal.rounds import Wired, seal_site
from wms.ledger.seal.sealing import Sealed
from wms.web.messages import sentence

FAILS: Final = 1
UNREADABLE: Final = 2

_SITE: Final = click.option("--site", default=1, show_default=True, type=int)
_LANGUAGE: Final = click.option("--language", default="en", type=click.Choice(["zh", "en"]))
_KEYS: Final = click.option(
    "--key", "keys", multiple=True, help="A public key, or a file of them; may be said again."
)
_FILE: Final = click.Path(path_type=Path, dir_okay=False)
_THERE: Final = click.Path(path_type=Path, exists=True)


def group(wiring: Callable[[], Wired]) -> click.Group:
    """Return the commands; those that need a database ask `wiring` for it when they run."""

    @click.group("ledger")
    def commands() -> None:
        """Seal, verify and prove the account book (账册)."""

    for command in (_sealing(wiring), _verifying(wiring), *_proving(wiring), *_witnessing(wiring)):
        commands.add_command(command)
    commands.add_command(keygen)
    commands.add_command(check_proof)
    commands.add_command(cosign)
    return commands


@click.command()
@click.argument("file", type=_FILE)
@_SITE
@click.option("--name", default="bondhouse/ledger", show_default=True, help="Without the site.")
@click.option("--witness", is_flag=True, help="A key to cosign with, not one for a log.")
@click.option("--replace", is_flag=True, help="Put a new key in the place of the site's old one.")
def keygen(file: Path, site: int, name: str, witness: bool, replace: bool) -> None:
    """Make a key in FILE, readable by its owner only, and print the public key (also FILE.pub)."""
    with _told():
        key = new_key(name, SiteId(site), COSIGNATURE if witness else ED25519)
        KeyFile(file).add(key, replace=replace)
    click.echo(str(key.verifier))


@click.command("check-proof")
@click.argument("file", type=_THERE)
@_KEYS
@_LANGUAGE
def check_proof(file: Path, keys: tuple[str, ...], language: str) -> None:
    """Check a proof with nothing but FILE and public keys.

    Exit code 0: it holds, and what it shows is printed. 1: it proves nothing. 2: it is no proof.
    """
    with _told(language):
        proven = proving.check(_read(file), read_verifiers(keys))
    checkpoint, head = proven.checkpoint, proving.readable(proven.leaf)
    signed = dict(line.split(" ", 1) for line in checkpoint.extension if " " in line)
    time = signed.get("time", "")
    click.echo(
        sentence(
            language,
            "ledger.proof.holds",
            index=proven.index,
            origin=checkpoint.origin,
            size=checkpoint.size,
            time=_moment(int(time)) if time.isdecimal() else "–",
        )
    )
    for name, seconds in proven.witnesses:
        facts = {"name": name, "time": _moment(seconds)}
        click.echo(sentence(language, "ledger.proof.witness", **facts))
    if not proven.witnesses:
        click.echo(sentence(language, "ledger.proof.no_witness"))
    click.echo(json.dumps(head, ensure_ascii=False, indent=2))


@click.command()
@click.argument("file", type=_THERE)
@click.option("--held", type=_THERE, help="The checkpoint this witness cosigned last.")
@click.option("--first", is_flag=True, help="There is none: trust this log from now on.")
@click.option("--with", "secret", type=_THERE, required=True, help="The witness's own key file.")
@click.option("-o", "--output", type=_FILE, required=True)
@_KEYS
@_LANGUAGE
def cosign(
    file: Path,
    held: Path | None,
    first: bool,
    secret: Path,
    output: Path,
    keys: tuple[str, ...],
    language: str,
) -> None:
    """Cosign the checkpoint in FILE, of `wms ledger advance`, if the log only grew.

    Needs no database. The result is the checkpoint to hold next time, and to hand back to the log.
    """
    if first == (held is not None):
        raise click.UsageError("say either --held or --first")
    with _told(language):
        witness = next(iter(KeyFile(secret).signers().values()), None)
        before = None if held is None else _read(held)
        now = SYSTEM_CLOCK.now()
        note = witnessing.cosign(_read(file), before, read_verifiers(keys), _needed(witness), now)
        write_whole(output, note)
    click.echo(note, nl=False)


def _sealing(wiring: Callable[[], Wired]) -> click.Command:
    @click.command()
    @_SITE
    def seal(site: int) -> None:
        """Seal all that is due at a site now; the worker does the same every few seconds."""
        held = wiring()
        total, last = 0, Sealed(1, 0)
        with _told():
            key = _needed(_signers(held).get(SiteId(site)))
            while last.postings or last.opened_era:
                witness = held.settings.seal_witness
                last = seal_site(held.doorway, SiteId(site), key, witness)
                total += last.postings
        click.echo(f"{total} sealed, {last.tree_size} in the log")

    return seal


def _verifying(wiring: Callable[[], Wired]) -> click.Command:
    @click.command()
    @click.argument("book", required=False)
    @_SITE
    @_KEYS
    @click.option("--witness", type=_THERE, help="A checkpoint kept outside, or a folder of them.")
    @click.option("--json", "as_json", is_flag=True)
    @_LANGUAGE
    def verify(
        book: str | None,
        site: int,
        keys: tuple[str, ...],
        witness: Path | None,
        as_json: bool,
        language: str,
    ) -> None:
        """Recompute balances from entries, check every law, and the log against its checkpoints.

        Exit code 0: everything stands. 1: something does not; the first places are named.
        """
        held = wiring()
        place = witness or _witness_folder(held, SiteId(site))
        with _told(language):
            known = read_verifiers(keys) if keys else _verifiers(held)
            notes = witnessing.notes_in(place) if place else []
            with (
                held.doorway.read(_actor(site), snapshot=True) as tx,
                _bar(verifying.units(tx, book)) as progress,
            ):
                report = verifying.verify(
                    tx,
                    book_no=book,
                    keys=known,
                    witnesses=[(str(path), content) for path, content in notes],
                    progress=progress,
                )
        click.echo(_as_json(report) if as_json else _as_text(report, language))
        sys.exit(0 if report.stands else FAILS)

    return verify


def _proving(wiring: Callable[[], Wired]) -> Iterator[click.Command]:
    @click.command()
    @click.argument("posting", type=click.UUID)
    @click.option("-o", "--output", type=_FILE, required=True)
    @_SITE
    @_LANGUAGE
    def prove(posting: UUID, output: Path, site: int, language: str) -> None:
        """Write a proof that POSTING is sealed, to be checked anywhere by `check-proof`."""
        with _told(language), wiring().doorway.read(_actor(site), snapshot=True) as tx:
            write_whole(output, proving.prove(tx, posting))
        click.echo(str(output))

    yield prove


def _witnessing(wiring: Callable[[], Wired]) -> Iterator[click.Command]:
    @click.command()
    @click.option("--held", type=_THERE, help="The checkpoint the witness holds; none at first.")
    @click.option("-o", "--output", type=_FILE, required=True)
    @_SITE
    @_LANGUAGE
    def advance(held: Path | None, output: Path, site: int, language: str) -> None:
        """Write for a witness the newest checkpoint and the proof that the log only grew."""
        with _told(language), wiring().doorway.read(_actor(site), snapshot=True) as tx:
            size = 0
            if held is not None:
                size = Checkpoint.parse(Note.parse(_read(held)).text).size
            write_whole(output, witnessing.consistency_file(tx, size))
        click.echo(str(output))

    @click.command("keep-cosignature")
    @click.argument("file", type=_THERE)
    @click.option("--key", "witness", required=True, help="The witness's public key, or its file.")
    @_SITE
    @_LANGUAGE
    def keep(file: Path, witness: str, site: int, language: str) -> None:
        """Keep what a witness cosigned with the checkpoint it belongs to."""
        with _told(language):
            (key,) = read_verifiers((witness,))
            command = witnessing.Witnessed(SiteId(site), _read(file), str(key))
            name = wiring().doorway.run(witnessing.keep_cosignature, command, _actor(site))
        click.echo(name)

    yield from (advance, keep)


@contextmanager
def _told(language: str = "en") -> Iterator[None]:
    """End with one sentence where something is refused: code 2 for what cannot be read, else 1."""
    try:
        yield
    except Refusal as refusal:
        click.echo(sentence(language, refusal.code, **refusal.facts), err=True)
        sys.exit(UNREADABLE if isinstance(refusal, Invalid) else FAILS)
    except ValueError as fault:
        click.echo(sentence(language, "ledger.proof_unreadable", read=fault), err=True)
        sys.exit(UNREADABLE)


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    """Give something to report progress to: a bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=total, file=sys.stderr, show_eta=True) as bar:
        yield bar.update


def _as_json(report: verifying.Report) -> str:
    told = {"stands": report.stands, **asdict(report)}
    return json.dumps(told, ensure_ascii=False, indent=2, default=str)


def _as_text(report: verifying.Report, language: str) -> str:
    facts = {
        "entries": report.entries,
        "postings": report.postings,
        "leaves": report.tree_size,
        "unsealed": report.unsealed,
        "laws": len(report.counts),
    }
    ending = "stands" if report.stands else "parts"
    lines = [sentence(language, f"ledger.verify.{ending}", **facts)]
    for law, count in sorted(report.counts.items()):
        named = sentence(language, f"ledger.law.{law}")
        lines.append(sentence(language, "ledger.verify.law", law=named, count=count))
        for one in (finding for finding in report.findings if finding.law == law):
            where = {
                "posting": one.posting_id or "–",
                "account": one.account_id or "–",
                "line": one.line,
                "seq": "–" if one.seq is None else one.seq,
                "leaf": "–" if one.leaf_index is None else one.leaf_index,
                "read": one.read,
                "expected": one.expected,
            }
            lines.append(sentence(language, "ledger.verify.place", **where).rstrip())
    if report.signed_at is None:
        lines.append(sentence(language, "ledger.verify.no_seal"))
    else:
        last = {"size": report.tree_size, "time": f"{report.signed_at:%Y-%m-%d %H:%M:%SZ}"}
        lines.append(sentence(language, "ledger.verify.checkpoint", **last))
    if report.witnessed:
        names = ", ".join(report.witnessed)
        lines.append(sentence(language, "ledger.verify.witness", names=names))
    return "\n".join(lines)


def _actor(site: int) -> Actor:
    return system_actor(SiteId(site), "wms ledger")


def _signers(held: Wired) -> dict[SiteId, SignerKey]:
    file = held.settings.seal_key_file
    return {} if file is None else KeyFile(file).signers()


def _verifiers(held: Wired) -> tuple[VerifierKey, ...]:
    file = held.settings.seal_key_file
    return () if file is None else KeyFile(file).verifiers()


def _witness_folder(held: Wired, site_id: SiteId) -> Path | None:
    root = held.settings.seal_witness
    folder = None if root is None else witnessing.folder_of(root, site_id)
    return folder if folder is not None and folder.exists() else None


def _needed(key: SignerKey | None) -> SignerKey:
    if key is None:
        raise Invalid("ledger.key_unreadable", read="WMS_SEAL_KEY_FILE")
    return key


def _read(path: Path) -> str:
    return path.read_bytes().decode()


def _moment(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%SZ}"
