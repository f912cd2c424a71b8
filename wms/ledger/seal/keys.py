"""The files of keys: what a site's log is signed with, and what others check it with."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from wms.kernel.errors import Conflict, Invalid
from wms.kernel.ids import SiteId
from wms.ledger.seal.notes import ED25519, NoteError, SignerKey, VerifierKey

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file with one signer key a line, one line a site, and beside it `….pub`, which is public.

    The name of a key ends in the number of its site (`bondhouse/ledger/1`) and is the log's origin.
    The public file keeps the keys that were replaced, because they signed what still stands.
    """

    path: Path

    @property
    def public(self) -> Path:
        return self.path.with_name(self.path.name + ".pub")

    def signers(self) -> dict[SiteId, SignerKey]:
        """Return the key of each site; raise Invalid where a line is no key of a site."""
        found = {}
        for line in _lines(self.path):
            key = _read(SignerKey.parse, line)
            site = key.name.rpartition("/")[2]
            if not site.isdecimal():
                raise Invalid("ledger.key_unreadable", read=key.name)
            found[SiteId(int(site))] = key
        return found

    def verifiers(self) -> tuple[VerifierKey, ...]:
        """Return every public key of the file, also those that sign no more."""
        return tuple(_read(VerifierKey.parse, line) for line in _lines(self.public))

    def add(self, key: SignerKey, *, replace: bool = False) -> None:
        """Write a key into both files; raise Conflict where its site has one and it shall stay."""
        lines = _lines(self.path)
        kept = [line for line in lines if _read(SignerKey.parse, line).name != key.name]
        if len(kept) < len(lines) and not replace:
            raise Conflict("ledger.key_there", read=key.name)
        write_whole(self.path, "".join(f"{line}\n" for line in (*kept, key.to_text())), 0o600)
        known = dict.fromkeys((*_lines(self.public), str(key.verifier)))
        write_whole(self.public, "".join(f"{line}\n" for line in known))


def new_key(prefix: str, site_id: SiteId, kind: int = ED25519) -> SignerKey:
    """Return a fresh key for the log of a site; raise Invalid when the prefix names no key."""
    try:
        return SignerKey.generate(f"{prefix}/{site_id}", kind)
    except NoteError:
        raise Invalid("ledger.key_unreadable", read=prefix) from None


def read_verifiers(words: tuple[str, ...]) -> tuple[VerifierKey, ...]:
    """Return the public keys that are given: each word is a key, or a file of keys, one a line."""
    found: list[VerifierKey] = []
    for word in words:
        lines = _lines(Path(word)) if "+" not in word or Path(word).exists() else [word]
        if not lines:
            raise Invalid("ledger.key_unreadable", read=word)
        found.extend(_read(VerifierKey.parse, line) for line in lines)
    return tuple(found)


def write_whole(path: Path, content: str, mode: int = 0o644) -> None:
    """Write a file so that whoever reads it finds the old content or the new, on the disk."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    making = Path(name)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    making.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _lines(path: Path) -> list[str]:
    if not path.exists():
        return []
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _read(parse: Callable[[str], T], line: str) -> T:
    try:
        return parse(line)
    except NoteError as fault:
        raise Invalid("ledger.key_unreadable", read=fault) from None
