"""Laws that columns of several tables share."""

from enum import StrEnum


def one_of(column: str, words: type[StrEnum]) -> str:
    """Return the check that a column holds one of these words."""
    return f"{column} in ({', '.join(repr(word.value) for word in words)})"
