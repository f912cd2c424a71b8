"""The supervisor looks: book, floor and customs, today's board; writes only a signature."""
