"""Remembering: the one doorway to the database, keys, outbox, trail; SQLAlchemy, no HTTP."""
