"""Pages of audit: today's board, the reconciliation, the search for any number."""
