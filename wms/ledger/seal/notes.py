"""Signed notes, checkpoints and cosignatures in the forms of C2SP (c2sp.org)."""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wms.ledger.seal.merkle import HASH_SIZE

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04
_KINDS: Final = (ED25519, COSIGNATURE)
_DASH: Final = "— "
_PRIVATE: Final = "PRIVATE+KEY+"
_MOST_BYTES: Final = 1_000_000
_MOST_SIGNATURES: Final = 100


class NoteError(ValueError):
    """Not a note, key or checkpoint in the form of C2SP; the message says what is wrong."""


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Return the four bytes that say which key: SHA-256(name ‖ 0x0A ‖ kind ‖ public key)[:4]."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key by name: of a log (ED25519) or of a witness (COSIGNATURE)."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read `name+id+base64(kind ‖ key)`; raise NoteError when that is not what it is."""
        name, kind, public = _parse_key(text)
        if key_id(name, kind, public) != _id_in(text):
            raise NoteError(f"the id in the key of {name} is not its own")
        return cls(name, kind, public)

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_b64(bytes([self.kind]) + self.public)}"

    @property
    def id(self) -> bytes:
        return key_id(self.name, self.kind, self.public)

    def accepts(self, text: str, signature: bytes) -> bool:
        """Return whether these bytes (of a cosignature: time and signature) are over this text."""
        message = text.encode()
        if self.kind == COSIGNATURE:
            if len(signature) != 72 or _no_checkpoint(text):
                return False
            message = _cosigned(text, int.from_bytes(signature[:8], "big"))
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A private key by name; its text form is a secret, its repr is not."""

    name: str
    kind: int
    _seed: bytes

    @classmethod
    def generate(cls, name: str, kind: int = ED25519) -> "SignerKey":
        """Return a fresh key from the machine's own randomness."""
        _check_name(name)
        return cls(name, kind, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> "SignerKey":
        """Read `PRIVATE+KEY+name+id+base64(kind ‖ seed)`; raise NoteError when it is not one."""
        if not text.startswith(_PRIVATE):
            raise NoteError("this is no signer key")
        text = text.removeprefix(_PRIVATE)
        key = cls(*_parse_key(text))
        if key.verifier.id != _id_in(text):
            raise NoteError(f"the id in the key of {key.name} is not its own")
        return key

    def to_text(self) -> str:
        """Return the secret text form, to be kept in a file that only its owner reads."""
        secret = _b64(bytes([self.kind]) + self._seed)
        return f"{_PRIVATE}{self.name}+{self.verifier.id.hex()}+{secret}"

    def __repr__(self) -> str:
        return f"SignerKey({self.verifier})"

    @property
    def verifier(self) -> VerifierKey:
        public = Ed25519PrivateKey.from_private_bytes(self._seed).public_key()
        return VerifierKey(self.name, self.kind, public.public_bytes_raw())

    def sign(self, text: str, time: int = 0) -> "Signature":
        """Sign a note's text; as a cosignature, a checkpoint's text together with Unix seconds."""
        message, prefix = text.encode(), b""
        if self.kind == COSIGNATURE:
            if fault := _no_checkpoint(text):
                raise NoteError(f"only checkpoints are cosigned: {fault}")
            message, prefix = _cosigned(text, time), time.to_bytes(8, "big")
        made = Ed25519PrivateKey.from_private_bytes(self._seed).sign(message)
        return Signature(self.name, self.verifier.id, prefix + made)


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: who says to have signed, with which key, and the bytes."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {_b64(self.key_id + self.value)}\n"

    @property
    def time(self) -> int:
        """Unix seconds of a cosignature; meaningless in any other."""
        return int.from_bytes(self.value[:8], "big")


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it; the text is worth nothing until one has been verified."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, raw: str) -> "Note":
        """Read a note; raise NoteError when it is not one, byte for byte."""
        if len(raw.encode(errors="replace")) > _MOST_BYTES or any(
            (character < " " and character != "\n") or "\ud800" <= character <= "\udfff"
            for character in raw
        ):
            raise NoteError("a note is UTF-8 text of at most a million bytes")
        text, gap, lines = raw.rpartition("\n\n")
        if not gap or not text or not lines.endswith("\n"):
            raise NoteError("a note is text, an empty line and signatures")
        signatures = tuple(_parse_signature(line) for line in lines[:-1].split("\n"))
        if len(signatures) > _MOST_SIGNATURES:
            raise NoteError("more signatures than anybody needs")
        return cls(text + "\n", signatures)

    def __str__(self) -> str:
        return self.text + "\n" + "".join(str(one) for one in self.signatures)

    def plus(self, *more: Signature) -> "Note":
        """Return the note with further signatures under it; none stands twice."""
        return Note(self.text, tuple(dict.fromkeys((*self.signatures, *more))))

    def verified_by(self, keys: Iterable[VerifierKey]) -> list[tuple[VerifierKey, Signature]]:
        """Return the keys whose signature is good, each with it.

        Lines of keys that are not given say nothing. A line that claims a given key and is false
        raises NoteError: such a note was tampered with, whatever else stands under it.
        """
        by_id = {(key.name, key.id): key for key in keys}
        good: dict[VerifierKey, Signature] = {}
        for one in self.signatures:
            key = by_id.get((one.name, one.key_id))
            if key is None:
                continue
            if not key.accepts(self.text, one.value):
                raise NoteError(f"the signature of {key.name} does not fit the text")
            good.setdefault(key, one)
        return list(good.items())


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log commits to: its origin, how many leaves it has and their root.

    `extension` are further lines, covered by every signature; others' logs may have any.
    """

    origin: str
    size: int
    root: bytes
    extension: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the text of a checkpoint note; raise NoteError when it is not one."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or "" in lines:
            raise NoteError("a checkpoint is three lines or more, none of them empty")
        origin, size, root, *extension = lines
        if not size.isascii() or not size.isdecimal() or size != str(int(size)):
            raise NoteError("the second line of a checkpoint is the number of leaves")
        decoded = _unb64(root)
        if len(decoded) != HASH_SIZE:
            raise NoteError("the third line of a checkpoint is the root, 32 bytes in base64")
        return cls(origin, int(size), decoded, tuple(extension))

    def __str__(self) -> str:
        return "".join(
            f"{line}\n" for line in (self.origin, self.size, _b64(self.root), *self.extension)
        )


def read_checkpoint(raw: str, keys: Sequence[VerifierKey]) -> tuple[Note, Checkpoint]:
    """Read a checkpoint signed by its log: by a key given here that bears the name of the origin.

    Raises NoteError when it is not one, or none of the keys has signed it.
    """
    note = Note.parse(raw)
    checkpoint = Checkpoint.parse(note.text)
    logs = [key for key in keys if key.kind == ED25519 and key.name == checkpoint.origin]
    if not note.verified_by(logs):
        raise NoteError(f"the log {checkpoint.origin} has not signed this with a key given")
    return note, checkpoint


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _no_checkpoint(text: str) -> str:
    try:
        Checkpoint.parse(text)
    except NoteError as fault:
        return str(fault)
    return ""


def _check_name(name: str) -> None:
    if not name or "+" in name or any(c.isspace() or ord(c) < 33 for c in name):
        raise NoteError(f"{name!r} names no key: no spaces and no plus")


def _parse_key(text: str) -> tuple[str, int, bytes]:
    """Read `name+id+base64(kind ‖ 32 bytes)`."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise NoteError("a key is name+id+base64")
    name, written, encoded = parts
    _check_name(name)
    if len(written) != 8 or written.lower() != written:
        raise NoteError("the id of a key is eight hex digits")
    data = _unb64(encoded)
    if len(data) != 33 or data[0] not in _KINDS:
        raise NoteError("this kind of key is not known here")
    return name, data[0], data[1:]


def _id_in(text: str) -> bytes:
    try:
        return bytes.fromhex(text.split("+", 2)[1])
    except ValueError:
        raise NoteError("the id of a key is eight hex digits") from None


def _parse_signature(line: str) -> Signature:
    name, gap, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not gap:
        raise NoteError("a signature is a dash, a name and base64")
    _check_name(name)
    data = _unb64(encoded)
    if len(data) < 5:
        raise NoteError("a signature is the id of a key and bytes")
    return Signature(name, data[:4], data[4:])


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unb64(text: str) -> bytes:
    """Decode standard base64 that is written in the one way it can be."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("this is not base64") from None
    if _b64(data) != text:
        raise NoteError("this is not base64 in its one form")
    return data
