"""The one blueprint the ledger's part of the API hangs on, and what its parts share."""

from dataclasses import asdict
from typing import Any, Final

from wms.ledger.books import BookLine
from wms.ledger.terms import Balance
from wms.web.openapi import ApiBlueprint

blueprint = ApiBlueprint("ledger", __name__, url_prefix="/api", description="账册 · account books")

PAGE: Final = 200


def line_of(line: BookLine, balance: Balance) -> dict[str, Any]:
    """Return a line with its balance, as BookLineSchema writes it."""
    return {**asdict(line), "balance": balance}
