"""Back end B: the display list as a 1-bit picture, the very dots a print head burns."""

from PIL import Image

from labels import font
from labels.sheet import Run, Sheet

INK, PAPER = 0, 255


def paint(sheet: Sheet) -> Image.Image:
    """Paint the sheet as a mode "1" image of the media's dots; 0 is ink."""
    page = Image.new("1", (sheet.width, sheet.height), PAPER)
    for rect in sheet.rects:
        colour = PAPER if rect.white else INK
        page.paste(colour, (rect.x, rect.y, rect.x + rect.w, rect.y + rect.h))
    for run in sheet.runs:
        _write(page, run)
    return page


def _write(page: Image.Image, run: Run) -> None:
    """Set each glyph at the nearest dot to where the PDF has it, so both agree on every line."""
    colour = PAPER if run.white else INK
    for character, pen in zip(run.text, font.advances(run.text), strict=False):
        mask, left, top = font.glyph(character, run.size)
        x = run.x + round(pen * run.size / 1000) + left
        page.paste(colour, (x, run.y + top), mask)
