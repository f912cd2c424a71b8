"""The exchange folders of the single-window import client, used so that a crash loses nothing.

The client watches four folders below one root; the names are its own::

    OutBox/    we write letters here; the client takes them
    SentBox/   the client moves a letter here once it has taken it
    FailBox/   or here, when it could not
    InBox/     the client writes answers and receipts here

Ours beside them, on the same file system, so that every move is one rename::

    OutBox/.writing/   letters half written; nothing in it was ever sent
    InBox/.claimed/    files a worker has taken and not finished
    InBox/.done/       files that are in the database
    InBox/.failed/     files nobody could read, for a person

**Sending.** A letter's file is `KIND_<letter id>.xml`; the id is the caller's and the same at each
retry. It is written aside, flushed to the disk and then renamed into OutBox under its final name; a
letter already in OutBox, SentBox or FailBox is not written again. So a crash before the rename
sends nothing, and a retry after it sends nothing twice. (Letters must stay in SentBox as long as
their sending may be retried.)

**Receiving.** `claim` moves a file into `.claimed`, which only one worker can do; `done` moves it
on after the caller's transaction has committed. After a crash between the two, `release_stale`
gives the file back (as `name~1` when a later one took its name), and it is read again: the reader
must know what it has stored by its content.

The client answers a letter with a file `Successed_<letter file>` or `Failed_<letter file>` (its
spelling); anything else in InBox is a message of customs under a name of the client's choosing.
"""

import fcntl
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from wms.customs.codecs.findings import Finding, Unreadable
from wms.customs.codecs.parsing import MAX_BYTES

_LETTER = re.compile(r"([A-Z0-9]{3,12})_([A-Za-z0-9-]{1,64})\.xml\Z", re.ASCII)
_ANSWER = re.compile(r"(Successed|Failed)_(.{1,200}?)(?:~\d+)?\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FirstAnswerName:
    """What the name of a first answer says: which letter it answers, and whether it was taken."""

    letter_file: str
    letter_id: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """A file of InBox that is ours to read until `done` or `failed`."""

    name: str
    path: Path

    def read(self) -> bytes:
        """Return the bytes; raises Unreadable `customs.too_big` beyond what a letter may have."""
        with self.path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            size = str(self.path.stat().st_size)
            raise Unreadable(Finding(self.name, "customs.too_big", size, str(MAX_BYTES)))
        return data


def letter_file(kind: str, letter_id: str) -> str:
    """Return the file name of a letter: `KIND_<id>.xml`, the id of letters, digits and hyphens.

    Raises ValueError for an id that would not survive as a file name.
    """
    name = f"{kind}_{letter_id}.xml"
    if not _LETTER.match(name):
        raise ValueError(name)
    return name


def first_answer_name(name: str) -> FirstAnswerName | None:
    """Return what the name of an InBox file says if it is a first answer, else None."""
    found = _ANSWER.match(name)
    if not found:
        return None
    letter = _LETTER.match(found.group(2))
    letter_id = letter.group(2) if letter else ""
    return FirstAnswerName(found.group(2), letter_id, taken=found.group(1) == "Successed")


class Exchange:
    """The four folders below `root`, made when they are missing."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.out, self.sent = root / "OutBox", root / "SentBox"
        self.inbox, self.fail = root / "InBox", root / "FailBox"
        self._writing = self.out / ".writing"
        self._claimed = self.inbox / ".claimed"
        self._done, self._failed = self.inbox / ".done", self.inbox / ".failed"
        ours = (self._writing, self._claimed, self._done, self._failed)
        for folder in (self.out, self.sent, self.inbox, self.fail, *ours):
            folder.mkdir(parents=True, exist_ok=True)

    def send(self, kind: str, letter_id: str, data: bytes) -> bool:
        """Put a letter into OutBox; False when it was sent before, whatever became of it.

        When it returns, the letter is on the disk under its final name. Raises OSError when the
        folder cannot be written: then nothing was sent, and the same call may be made again.
        """
        name = letter_file(kind, letter_id)
        with self._alone():
            # In the order a letter travels, so that one moved meanwhile is still met.
            if any((box / name).exists() for box in (self.out, self.sent, self.fail)):
                return False
            aside = self._writing / name
            with aside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.rename(self.out / name)
            _fsync_folder(self.out)
        return True

    def sent_letters(self) -> Iterator[str]:
        """Yield the file names of letters the client has taken."""
        return (entry.name for entry in _files(self.sent))

    def refused_letters(self) -> Iterator[str]:
        """Yield the file names of letters the client could not take."""
        return (entry.name for entry in _files(self.fail))

    def waiting(self) -> list[str]:
        """Return the names of InBox files, oldest first."""
        found = []
        for entry in _files(self.inbox):
            with suppress(FileNotFoundError):
                found.append((entry.stat(follow_symlinks=False).st_mtime_ns, entry.name))
        return [name for _, name in sorted(found)]

    def claim(self, name: str) -> Claimed | None:
        """Take one file of InBox; None when another worker was faster or it is no plain file."""
        source, target = self.inbox / name, self._claimed / name
        if source.parent != self.inbox:
            return None
        try:
            if not stat.S_ISREG(source.lstat().st_mode):
                return None
            os.utime(source)  # the age of a claim is counted from here
            # A link refuses where a rename would overwrite a file of the same name in claim.
            target.hardlink_to(source)
        except (FileNotFoundError, FileExistsError):
            return None
        source.unlink(missing_ok=True)
        return Claimed(name, target)

    def done(self, claimed: Claimed) -> None:
        """Put a file away after its transaction has committed; again is harmless."""
        self._put_away(claimed, self._done)

    def failed(self, claimed: Claimed) -> None:
        """Put a file aside that nobody can read."""
        self._put_away(claimed, self._failed)

    def release_stale(self, older_than: float, now: float) -> int:
        """Give claimed files back to InBox whose claim is older than so many seconds.

        `now` is a Unix time. Returns how many; what a crashed worker held is read again.
        """
        count = 0
        for entry in _files(self._claimed):
            with suppress(FileNotFoundError):
                if now - entry.stat(follow_symlinks=False).st_mtime >= older_than:
                    self._give_back(entry.name)
                    count += 1
        return count

    def _give_back(self, name: str) -> None:
        """Move a claimed file to InBox without overwriting a later one of the same name."""
        held, target, number = self._claimed / name, self.inbox / name, 0
        while target.exists() and not target.samefile(held):
            number += 1
            target = self.inbox / f"{name}~{number}"
        if not target.exists():
            target.hardlink_to(held)
        held.unlink()

    def _put_away(self, claimed: Claimed, folder: Path) -> None:
        with suppress(FileNotFoundError):
            claimed.path.rename(folder / claimed.name)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock of senders: two workers with one letter must not both find it unsent."""
        with (self._writing / ".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
                yield entry


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
