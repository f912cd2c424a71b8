"""The bitmap as ZPL ^GF and back: the only writer of ^ and ~, and no data reaches it but dots."""

import re

from PIL import Image, ImageChops

from labels.errors import LabelRefusal

_LARGEST = 2_000_000
"""Bytes of bitmap accepted when reading: a 100x150 label at 600 dots per inch is below."""
_REPEATED = re.compile(r"(.)\1{2,}")
_FORMAT = re.compile(
    rb"\^XA\^PW([0-9]{1,5})\^LL([0-9]{1,5})\^LH0,0\^FO0,0"
    rb"\^GFA,([0-9]{1,7}),([0-9]{1,7}),([0-9]{1,4}),([0-9A-Zg-z,:!]*)\^FS\^PQ1\^XZ\n?"
)


def write(page: Image.Image) -> bytes:
    """Wrap a mode "1" page (0 is ink) as one label, run-compressed: the form every firmware reads.

    Width, length, origin and number of copies are said in each label, so that no setting left over
    in the printer can shift it or print it twice.
    """
    stride = -(-page.width // 8)
    dots = _ink_bits(page)
    rows = [dots[at : at + stride].hex().upper() for at in range(0, len(dots), stride)]
    coded = "".join(
        ":" if number and row == rows[number - 1] else _row(row) for number, row in enumerate(rows)
    )
    total = len(dots)
    head = f"^XA^PW{page.width}^LL{page.height}^LH0,0^FO0,0^GFA,{total},{total},{stride},"
    return f"{head}{coded}^FS^PQ1^XZ\n".encode("ascii")


def _ink_bits(page: Image.Image) -> bytes:
    """Packed rows with ink as 1; the bits that pad a row stay 0."""
    return ImageChops.invert(page).tobytes()


def _row(row: str) -> str:
    """Code one row: the tail of zeros or ones as a sign, the rest as counted runs of hex digits."""
    tail = {"0": ",", "F": "!"}.get(row[-1], "")
    body = row.rstrip(row[-1]) if tail else row
    return _REPEATED.sub(_run, body) + tail


def _run(found: re.Match[str]) -> str:
    """Code a run: z is 400, g..y are 20..380 in twenties, G..Y are 1..19."""
    count = len(found[0])
    coded = "z" * (count // 400)
    count %= 400
    if count >= 20:
        coded += chr(ord("f") + count // 20)
    if count % 20:
        coded += chr(ord("F") + count % 20)
    return coded + found[1]


def read(zpl: bytes) -> Image.Image:
    """Give the page of a label `write` made. Raises LabelRefusal("labels.zpl_malformed")."""
    matched = _FORMAT.fullmatch(zpl)
    if matched is None:
        raise LabelRefusal("labels.zpl_malformed")
    wide, high, size, total, stride = (int(number) for number in matched.groups()[:5])
    sound = wide and high and size == total == stride * high and stride == -(-wide // 8)
    if not sound or total > _LARGEST:
        raise LabelRefusal("labels.zpl_malformed")
    dots = _unrolled(matched[6].decode("ascii"), stride * 2, high)
    return ImageChops.invert(Image.frombytes("1", (wide, high), dots))


def _unrolled(coded: str, digits: int, high: int) -> bytes:
    rows: list[str] = []
    row, count = "", 0
    for sign in coded:
        if "G" <= sign <= "Y":
            count += ord(sign) - ord("F")
        elif "g" <= sign <= "z":
            count += 20 * (ord(sign) - ord("f"))
        elif sign == ":" and rows and not row:
            rows.append(rows[-1])
        elif sign in ",!":
            row += ("0" if sign == "," else "F") * (digits - len(row))
        elif sign in "0123456789ABCDEF":
            row, count = row + sign * max(count, 1), 0
        else:
            raise LabelRefusal("labels.zpl_malformed")
        if len(row) > digits or len(rows) >= high + (not row):
            raise LabelRefusal("labels.zpl_malformed")
        if len(row) == digits:
            rows.append(row)
            row = ""
    if row or len(rows) != high:
        raise LabelRefusal("labels.zpl_malformed")
    return bytes.fromhex("".join(rows))
