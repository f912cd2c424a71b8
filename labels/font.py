"""The one font of all labels: which characters it has, how wide they are, their dots."""

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfbase.ttfonts import TTFont

NAME = "BondhouseLabelSans"
_FILE = Path(__file__).parent / "fonts" / f"{NAME}.ttf"


@lru_cache(maxsize=1)
def pdf_font() -> TTFont:
    """Give the font as reportlab embeds it; read once a process."""
    return TTFont(NAME, str(_FILE))


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
    # By its path: FreeType maps the file once for all sizes, bytes would be held for each.
    return ImageFont.truetype(str(_FILE), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8192)
def glyph(character: str, size: int) -> tuple[Image.Image, int, int]:
    """Dots of one character as a 1-bit mask, and where it stands from pen and base line."""
    face = _face(size)
    left, top, right, bottom = (int(edge) for edge in face.getbbox(character, anchor="ls"))
    mask = Image.new("L", (max(right - left, 1), max(bottom - top, 1)))
    ImageDraw.Draw(mask).text((-left, -top), character, fill=255, font=face, anchor="ls")
    return mask.point(lambda level: 255 if level >= 112 else 0, mode="1"), left, top
