"""What the API of clearance reads and writes."""
