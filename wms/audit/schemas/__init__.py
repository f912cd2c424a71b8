"""What audit's API reads and writes, a file a resource."""
