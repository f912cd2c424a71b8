"""Out of the zone: parcels picked, packed, labelled, loaded, sealed and let go."""
