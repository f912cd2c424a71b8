"""The documents that change or release the books; the only writer of book accounts."""
