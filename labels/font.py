"""The one font of all labels: which characters it has, how wide they are, their dots."""

from functools import lru_cache
from importlib.resources import files
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfbase.ttfonts import TTFont

NAME = "BondhouseLabelSans"
ASCENT, DESCENT = 0.9, 0.25
"""Share of the size above and below the base line that ink may take (checked by test)."""


@lru_cache(maxsize=1)
def pdf_font() -> TTFont:
    """Give the font as reportlab embeds it; read once a process."""
    return TTFont(NAME, BytesIO(_data()))


@lru_cache(maxsize=1)
def _data() -> bytes:
    return (files("labels") / "fonts" / f"{NAME}.ttf").read_bytes()


def has(character: str) -> bool:
    """Whether the font has a glyph for `character`."""
    return ord(character) in pdf_font().face.charToGlyph


def advances(text: str) -> list[int]:
    """Offsets of the pen in thousandths of the size: one before each character and the end."""
    face = pdf_font().face
    pen = [0]
    for character in text:
        pen.append(pen[-1] + round(face.charWidths.get(ord(character), face.defaultWidth)))
    return pen


def width(text: str, size: int) -> int:
    """Dots a line of `text` takes at `size` dots, rounded up."""
    return -(-advances(text)[-1] * size // 1000)


@lru_cache(maxsize=64)
def _face(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BytesIO(_data()), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8192)
def glyph(character: str, size: int) -> tuple[Image.Image, int, int]:
    """Dots of one character as a 1-bit mask, and where it stands from pen and base line."""
    face = _face(size)
    left, top, right, bottom = (int(edge) for edge in face.getbbox(character, anchor="ls"))
    mask = Image.new("L", (max(right - left, 1), max(bottom - top, 1)))
    ImageDraw.Draw(mask).text((-left, -top), character, fill=255, font=face, anchor="ls")
    return mask.point(lambda level: 255 if level >= 112 else 0, mode="1"), left, top
