"""Refusals of this room: stable codes and facts, in the form every other room uses."""


class LabelRefusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault of the program
    """A label that is not made, or a code that cannot be built.

    `code` is stable and has its Chinese and English sentence in messages.toml; `facts` fill that
    sentence. The class stands alone because this room imports nothing of the warehouse; its shape
    (`code`, `facts`, `kind`) is that of the warehouse's own refusals.
    """

    kind = "invalid"

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts: dict[str, str] = {name: str(value) for name, value in facts.items()}

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({facts})" if facts else self.code
