"""The printer counterpart: takes what a label printer is sent, and keeps every byte of it."""
