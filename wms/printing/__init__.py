"""Labels asked for, sent, confirmed and printed again: a print is an entry, not a side effect."""
