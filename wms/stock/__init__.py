"""What stands where: units, pieces and their status; the one writer of floor accounts."""
