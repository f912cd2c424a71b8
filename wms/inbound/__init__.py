"""Goods come in: what is expected, the truck, each pallet received, the difference settled."""
