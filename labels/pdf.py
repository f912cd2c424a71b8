"""Back end A: the display list as one PDF page, for people and for printers that speak no ZPL."""

from io import BytesIO

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from labels import font
from labels.sheet import Sheet

_POINTS_PER_MM = 72 / 25.4


def write(sheet: Sheet) -> bytes:
    """Write one page of the media's size, its unit one dot; equal sheets give equal bytes."""
    pdfmetrics.registerFont(font.pdf_font())
    wide, high = sheet.head.media.value
    out = BytesIO()
    canvas = Canvas(
        out, pagesize=(wide * _POINTS_PER_MM, high * _POINTS_PER_MM), invariant=1, pageCompression=1
    )
    canvas.scale(wide * _POINTS_PER_MM / sheet.width, high * _POINTS_PER_MM / sheet.height)
    _rects(canvas, sheet)
    for run in sheet.runs:
        canvas.setFillGray(1 if run.white else 0)
        canvas.setFont(font.NAME, run.size)
        canvas.drawString(run.x, sheet.height - run.y, run.text)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _rects(canvas: Canvas, sheet: Sheet) -> None:
    for rect in sheet.rects:
        canvas.setFillGray(1 if rect.white else 0)
        canvas.rect(rect.x, sheet.height - rect.y - rect.h, rect.w, rect.h, stroke=0, fill=1)
