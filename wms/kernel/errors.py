"""Refusals: what went wrong as a stable code and facts; the sentences are in the catalogues."""

from typing import ClassVar


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault of the program
    """A command or reading that is refused.

    `code` is stable and has a sentence in Chinese and English; `facts` fill that sentence and say
    what was read and what was expected. `remember` tells whether a retry with the same key must get
    the same refusal again (true for verdicts, false for passing conditions).
    """

    kind: ClassVar[str] = "refused"
    remember: ClassVar[bool] = True

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts: dict[str, str] = {name: str(value) for name, value in facts.items()}

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({facts})" if facts else self.code


class Invalid(Refusal):
    """The input itself cannot be read: wrong form, length, check digit, unit."""

    kind = "invalid"


class Unknown(Refusal):
    """What was named does not exist here."""

    kind = "unknown"


class Conflict(Refusal):
    """It exists, but its state or another fact does not allow this."""

    kind = "conflict"


class Forbidden(Refusal):
    """This actor may not do this here."""

    kind = "forbidden"


class Unauthenticated(Refusal):
    """Nobody is signed in, or the credential is wrong, expired or revoked."""

    kind = "unauthenticated"
    remember = False


class TooMany(Refusal):
    """A limit of rate or size was passed; later, or less, will do."""

    kind = "too_many"
    remember = False


class Unavailable(Refusal):
    """A server we need does not answer now; the same call may go through later."""

    kind = "unavailable"
    remember = False


KINDS: dict[str, type[Refusal]] = {
    cls.kind: cls
    for cls in (
        Refusal,
        Invalid,
        Unknown,
        Conflict,
        Forbidden,
        Unauthenticated,
        TooMany,
        Unavailable,
    )
}
"""Kind by name, to give a remembered refusal again."""
