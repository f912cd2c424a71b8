"""What the customs room refuses."""

from wms.kernel.errors import Unknown


class LetterUnknown(Unknown):
    """No letter has this id."""

    def __init__(self, read: object) -> None:
        super().__init__("customs.letter_unknown", read=read)
