"""What is said about a letter that is not as it should be, and the two refusals that carry it."""

from collections.abc import Sequence
from dataclasses import dataclass

from wms.kernel.errors import Invalid

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark: where (`Order[1]/OrderHead/qty`), which code, what was read, what was expected.

    A `grave` finding makes the document unfit for use; the others (a misspelling that is known, an
    element that is not, a field that is missing) only stay visible: a view refuses what it needs.
    `source` says where the broken rule stands (a key of SOURCES), empty for rules of XML itself.
    """

    path: str
    code: str
    read: str = ""
    expected: str = ""
    grave: bool = True
    source: str = ""


class Unreadable(Invalid):
    """The bytes are no letter, or a view misses a value it cannot do without."""

    def __init__(self, *findings: Finding) -> None:
        first = findings[0]
        super().__init__(first.code, path=first.path, read=first.read, expected=first.expected)
        self.findings = findings


class Unwritable(Invalid):
    """The documents break the field table; nothing was written. `findings` names every place."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        super().__init__(first.code, path=first.path, read=first.read, expected=first.expected)
        self.findings = tuple(findings)


def shown(text: str) -> str:
    """Return what was read in a form fit for a sentence: short, and without odd characters."""
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in short)
