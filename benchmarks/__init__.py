"""Claims of speed, one file each, measured beside their limit in the same run."""
