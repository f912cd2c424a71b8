"""What a scanner read, in order, and where its wielder stands in the task."""
