"""Text that must not reach a log, a trail or an error page."""


class Secret:
    """Wraps a password, PIN or token; only `reveal()` gives it out.

    Not a dataclass on purpose: serializers take those apart field by field.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"
