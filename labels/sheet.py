"""One label being laid out: blocks in millimetres become a display list in dots of the head."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from labels import code128, font, text
from labels.errors import LabelRefusal
from labels.models import Head
from labels.symbol import QR_QUIET, Bars, Matrix


class Box(NamedTuple):
    """Left, top, width, height: millimetres in definitions, dots in the display list."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class Rect:
    """A filled rectangle in dots."""

    x: int
    y: int
    w: int
    h: int
    white: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One line of text: left end of its base line, size in dots."""

    x: int
    y: int
    size: int
    text: str
    white: bool = False


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol placed: what a reader must say, and the strips that must stay white around it."""

    payload: str
    quiet: tuple[Rect, ...]


@dataclass(slots=True)
class Sheet:
    """The display list of one label, built block by block; both back ends only read it."""

    head: Head
    rects: list[Rect] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    symbols: list[Symbol] = field(default_factory=list)

    def dots(self, mm: float) -> int:
        """Whole dots nearest to `mm`."""
        return round(Fraction(mm) * self.head.density.value)

    @property
    def width(self) -> int:
        """Dots across."""
        return self.dots(self.head.media.value[0])

    @property
    def height(self) -> int:
        """Dots down."""
        return self.dots(self.head.media.value[1])

    def _area(self, box: Box) -> Rect:
        left, top = self.dots(box.x), self.dots(box.y)
        return Rect(left, top, self.dots(box.x + box.w) - left, self.dots(box.y + box.h) - top)

    def fill(self, box: Box) -> None:
        """Blacken `box`."""
        self.rects.append(self._area(box))

    def frame(self, box: Box, line: float = 0.375) -> None:
        """Draw a frame of `line` mm inside `box`."""
        area, thick = self._area(box), max(1, self.dots(line))
        self.rects.append(area)
        inner = (area.x + thick, area.y + thick, area.w - 2 * thick, area.h - 2 * thick)
        self.rects.append(Rect(*inner, white=True))

    def line(
        self,
        box: Box,
        name: str,
        value: str,
        floor: float = 2.5,
        *,
        align: str = "left",
        white: bool = False,
    ) -> None:
        """Print `value` whole on one line, as high as `box`, shrunk to `floor` mm where it must.

        Raises LabelRefusal when it has an unprintable character or does not fit.
        """
        area, words = self._area(box), text.printable(name, value)
        fitted = text.one_line(name, words, area.w, self._sizes(box.h, floor))
        self._print(area, fitted, align, white=white)

    def flow(
        self, box: Box, name: str, values: tuple[str, ...], size: float, floor: float = 2.5
    ) -> None:
        """Print a description from the top of `box`, each value on lines of its own.

        It is wrapped, shrunk from `size` to `floor` mm, and at last cut with "…".
        """
        area = self._area(box)
        words = tuple(text.printable(name, value) for value in values if value)
        fitted = text.flowing(words, area.w, area.h, self._sizes(size, floor))
        high = fitted.size + text.leading(fitted.size) * (len(fitted.lines) - 1)
        self._print(Rect(area.x, area.y, area.w, high), fitted, "left", white=False)

    def _sizes(self, size: float, floor: float) -> range:
        return range(self.dots(size), self.dots(floor) - 1, -1)

    def _print(self, area: Rect, fitted: text.Fitted, align: str, *, white: bool) -> None:
        size, step = fitted.size, text.leading(fitted.size)
        spare = area.h - step * (len(fitted.lines) - 1) - size
        base = area.y + max(0, spare) // 2 + round(size * 0.88)
        for number, line in enumerate(fitted.lines):
            free = area.w - font.width(line, size)
            x = area.x + {"left": 0, "center": free // 2, "right": free}[align]
            if line:
                self.runs.append(Run(x, base + number * step, size, line, white=white))

    def bars(self, box: Box, symbol: Bars, least: float, most: float) -> None:
        """Draw a linear symbol centred in `box`, its quiet zones inside.

        A module is a whole number of dots: the largest between `least` and `most` mm that fits.
        Raises LabelRefusal("labels.symbol_too_wide") with the millimetres needed.
        """
        area = self._area(box)
        modules = symbol.modules + 2 * code128.QUIET
        module = min(self._module(most, up=False), area.w // modules)
        self._require_module(module, least, modules, box.w)
        x = area.x + (area.w - modules * module) // 2
        side = code128.QUIET * module
        quiet = tuple(
            Rect(left, area.y, side, area.h) for left in (x, x + side + symbol.modules * module)
        )
        pen = x + side
        for number, wide in enumerate(symbol.widths):
            if number % 2 == 0:
                self.rects.append(Rect(pen, area.y, wide * module, area.h))
            pen += wide * module
        self.symbols.append(Symbol(symbol.payload, quiet))

    def matrix(self, box: Box, symbol: Matrix, least: float = 0.375) -> None:
        """Draw a QR centred in `box`, its quiet zone inside, modules of at least `least` mm.

        Raises LabelRefusal("labels.symbol_too_wide").
        """
        area, count = self._area(box), len(symbol.rows)
        modules = count + 2 * QR_QUIET
        module = min(area.w, area.h) // modules
        self._require_module(module, least, modules, min(box.w, box.h))
        side, dark = QR_QUIET * module, count * module
        x = area.x + (area.w - modules * module) // 2
        y = area.y + (area.h - modules * module) // 2
        whole = dark + 2 * side
        quiet = (
            Rect(x, y, whole, side),
            Rect(x, y + side + dark, whole, side),
            Rect(x, y + side, side, dark),
            Rect(x + side + dark, y + side, side, dark),
        )
        for row, cells in enumerate(symbol.rows):
            top = y + side + row * module
            for start, length in _dark_runs(cells):
                left = x + side + start * module
                self.rects.append(Rect(left, top, length * module, module))
        self.symbols.append(Symbol(symbol.payload, quiet))

    def _module(self, mm: float, *, up: bool) -> int:
        exact = Fraction(mm) * self.head.density.value
        return -(-exact.numerator // exact.denominator) if up else int(exact)

    def _require_module(self, module: int, least: float, modules: int, wide: float) -> None:
        smallest = max(1, self._module(least, up=True))
        if module < smallest:
            needed = -(-modules * smallest // self.head.density.value)
            raise LabelRefusal("labels.symbol_too_wide", needed=needed, available=int(wide))


def _dark_runs(cells: tuple[bool, ...]) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules in a row."""
    runs: list[tuple[int, int]] = []
    for at, dark in enumerate(cells):
        if dark and runs and sum(runs[-1]) == at:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((at, 1))
    return runs
