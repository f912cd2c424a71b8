"""The cellar: a quantity is true only if an entry here says so; accounts, entries, books, proof."""
