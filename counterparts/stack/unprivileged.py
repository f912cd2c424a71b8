"""As whom a server runs when the stack itself runs as root: PostgreSQL refuses to be root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from counterparts.stack import StackError

_LEFT_TO_IT = (
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    "--securebits=+no_setuid_fixup",  # else access(2), which initdb asks, ignores the capability
)
_TIED_TO_US = "--pdeathsig=INT"  # a server ends when we are killed


@dataclass(frozen=True, slots=True)
class Identity:
    """The user a server runs as, and how a command is started as that user."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()
    switch: bool = False
    walks_anywhere: bool = True

    def popen(self, command: list[str], **kwargs: object) -> "subprocess.Popen[bytes]":
        """Start `command` as this user."""
        if self.switch:
            kwargs |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.Popen([*self.prefix, *command], **kwargs)  # type: ignore[call-overload, no-any-return]

    def give(self, thing: int | Path) -> None:
        """Make an open file or a folder of ours theirs."""
        if self.uid != os.geteuid():
            os.chown(thing, self.uid, self.gid)


def ourselves() -> Identity:
    """Return the user we are; what it starts ends when we are killed."""
    setpriv = shutil.which("setpriv")
    tied = (setpriv, _TIED_TO_US) if setpriv else ()
    return Identity(os.geteuid(), os.getegid(), prefix=tied)


def server_identity() -> Identity:
    """Return ourselves, or for root `nobody`, able to pass closed folders if the kernel lets us.

    A home is often closed (0700) and the project lies in it. Rather than open anybody's folders,
    the server keeps the one capability that lets it walk through them.
    """
    if os.geteuid() != 0:
        return ourselves()
    nobody = pwd.getpwnam("nobody")
    uid, gid = nobody.pw_uid, nobody.pw_gid
    if setpriv := shutil.which("setpriv"):
        user = (f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
        drop = (setpriv, *user, *_LEFT_TO_IT, _TIED_TO_US)
        if subprocess.run([*drop, "true"], capture_output=True, check=False).returncode == 0:
            return Identity(uid, gid, prefix=drop)
    return Identity(uid, gid, switch=True, walks_anywhere=False)


def folder_for(identity: Identity, wanted: Path) -> Path:
    """Make and return `wanted`, or where this user cannot walk there, a folder under /var/tmp."""
    if identity.walks_anywhere:
        wanted.mkdir(parents=True, exist_ok=True)
        return wanted.resolve()
    elsewhere = Path("/var/tmp") / ("bondhouse" + str(wanted.resolve()).replace("/", "-"))  # noqa: S108 - owner is checked below
    elsewhere.mkdir(0o711, exist_ok=True)
    if elsewhere.is_symlink() or elsewhere.stat().st_uid != os.geteuid():
        raise StackError(f"{elsewhere} belongs to somebody else: remove it or set WMS_DATABASE_URL")
    return elsewhere
