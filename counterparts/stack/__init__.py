"""The whole system on one machine: servers, processes and counterparts, started and stopped together."""


class StackError(Exception):
    """Something the stack needs is missing or does not start; the message is one sentence."""
