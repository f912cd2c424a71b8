"""The pages of the ledger: books, lines, statements, postings, periods, the seal."""

from wms.ledger.pages import books, lines, periods, postings, seal
from wms.ledger.pages.blueprint import blueprint

__all__ = ["blueprint", "books", "lines", "periods", "postings", "seal"]
