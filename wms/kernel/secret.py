"""Text that must not reach a log, a trail or an error page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """Wraps a password, PIN or token; only `reveal()` gives it out."""

    _text: str

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"
