"""The field table: every message as rows of its specification, one page a family."""
