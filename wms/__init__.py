"""Bondhouse: the operations system of a bonded warehouse; the map is in wms/README.md."""
