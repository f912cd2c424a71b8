"""Names and properties: the site, enterprises, goods, places, vehicles, printers, code tables."""
