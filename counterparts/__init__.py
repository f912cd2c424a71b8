"""Stands in for what is not ours: customs, devices, printers, servers; and plays a day."""
