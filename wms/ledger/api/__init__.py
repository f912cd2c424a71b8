"""The ledger over HTTP: books, lines, statements, postings, periods, the seal, the laws."""

from wms.ledger.api import books, periods, postings, seal
from wms.ledger.api.blueprint import blueprint

__all__ = ["blueprint", "books", "periods", "postings", "seal"]
