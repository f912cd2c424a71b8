"""JSON in and out: Chinese as it is, members in our order, and only what RFC 8259 calls JSON."""

import json
from typing import Any, NoReturn

from flask.json.provider import DefaultJSONProvider


class Strict(DefaultJSONProvider):
    """Flask's JSON that refuses NaN, infinities and nesting made to exhaust the stack."""

    ensure_ascii = False
    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read JSON; raise JSONDecodeError for whatever is not, or is made to do harm."""
        try:
            return json.loads(s, parse_constant=_refuse, **kwargs)
        except json.JSONDecodeError:
            raise
        except (RecursionError, ValueError) as wrong:  # too deep, not UTF-8, thousands of digits
            raise json.JSONDecodeError(str(wrong), "…", 0) from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
