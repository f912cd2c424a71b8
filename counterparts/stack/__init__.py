"""The whole system on one machine: servers and processes, started and stopped together."""


class StackError(Exception):
    """Something the stack needs is missing or does not start; the message is one sentence."""
