"""Damaged letters by the thousand: `python tests/hostile_letters.py SEED COUNT LIMIT_MB`.

The first ones are made to be heavy; each other is a good message of some kind with one to three of
the damages below, the same ones for the same seed. The program looks at each with everything that
`wms customs check` does, under a limit of memory, and prints what it saw as JSON; a traceback of
ours ends it with the letter's number, so that one letter can be made again.
"""

import copy
import json
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from customs_filled import cover, filled
from lxml import etree

from wms.customs import checking, codecs
from wms.customs.codecs import Unreadable, Unwritable, write
from wms.customs.codecs.shapes import FORMS, SHAPES
from wms.customs.codecs.views import View

DATA = Path(__file__).parent / "rules" / "data" / "customs"
PULL = (
    '{"sessionID":"0192F000-0000-7000-8000-000000000001","payExchangeInfoHead":{"guid":'
    '"0192F000-0000-7000-8000-000000000002","initalRequest":"q","initalResponse":"a","ebpCode":'
    '"1","payCode":"2","payTransactionId":"3","totalAmount":1.5,"currency":"142","verDept":"1",'
    '"payType":"1","tradingTime":"20261122093000"},"payExchangeInfoLists":[{"orderNo":"P-1",'
    '"goodsInfo":[{"gname":"奶粉","itemLink":"http://x"}],"recpAccount":"1","recpName":"名"}],'
    '"serviceTime":"1544519952469","certNo":"1","signValue":"AA"}'
)
VALUES = (
    *(
        "9" * 40,
        "-1",
        "1e400",
        "NaN",
        "٣",
        "２",
        "0x10",
        " ",
        "",
        "\u202e142",
        "无",
        "'--",
        "%s{0}",
    ),
    *("&#0;", "&#xD800;", "&#x202E;", "&x;", "<![CDATA[x]]>", "<!-- x -->1", "<?p?>", "<b>1</b>"),
    *("x" * 5000, "测" * 3000, "20261332250000", "99999999", "0000-00-00 00:00:00", "{path}"),
)
PIECES = (
    *(
        b"<",
        b">",
        b"</",
        b"&",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b"-->",
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
    ),
    *(
        b"<!DOCTYPE x>",
        b"&#0;",
        b"&lt;" * 500,
        b"<x/>" * 500,
        b"<a>" * 300,
        b"\xe6\xb5",
        b"\x81\x30",
    ),
    *(b"{", b"}", b"[" * 300, b'"', b"\\ud800", b"1e999", b" " * 3000, b"<ceb:", b"xmlns='"),
)
Damage = Callable[[random.Random, bytes], bytes]


def _cut(draw: random.Random, data: bytes) -> bytes:
    start = draw.randrange(len(data) + 1)
    return data[:start] + data[start + draw.choice((1, 3, 30, 300, 10**6)) :]


def _insert(draw: random.Random, data: bytes) -> bytes:
    start = draw.randrange(len(data) + 1)
    return data[:start] + draw.choice(PIECES) + data[start:]


def _flip(draw: random.Random, data: bytes) -> bytes:
    many = bytearray(data)
    for _ in range(draw.randint(1, 8)):
        if many:
            many[draw.randrange(len(many))] = draw.randrange(256)
    return bytes(many)


def _repeat(draw: random.Random, data: bytes) -> bytes:
    start = draw.randrange(len(data) + 1)
    piece = data[start : start + draw.choice((1, 20, 200, 2000))]
    return data[:start] + piece * draw.choice((2, 5, 120)) + data[start:]


def _element(draw: random.Random, data: bytes) -> tuple[int, int]:
    """Return where the text of some element starts and ends."""
    for _ in range(20):
        start = data.find(b">", draw.randrange(len(data) + 1)) + 1
        end = data.find(b"<", start)
        if 0 < start <= end:
            return start, end
    return 0, 0


def _value(draw: random.Random, data: bytes) -> bytes:
    start, end = _element(draw, data)
    return data[:start] + draw.choice(VALUES).encode() + data[end:]


def _rename(draw: random.Random, data: bytes) -> bytes:
    names = (
        b"x",
        b"ORDERNO",
        b"guid",
        b"Signature",
        b"Package",
        b"a" * 3000,
        "名".encode(),
        b"x:y",
    )
    start = data.find(b"<", draw.randrange(len(data) + 1)) + 1
    return data[:start] + draw.choice(names) + data[start + draw.randrange(8) :]


def _wrap(draw: random.Random, data: bytes) -> bytes:
    name = draw.choice((b"Package", b"Signature", b"CEB311Message", b"x", b"BussinessData"))
    depth = draw.choice((1, 3, 250, 400))
    body = data[data.find(b"?>") + 2 :] if data.startswith(b"<?xml") else data
    return b"<" + (name + b"><") * (depth - 1) + name + b">" + body + (b"</" + name + b">") * depth


def _encode(draw: random.Random, data: bytes) -> bytes:
    text = data.decode(errors="replace")
    name = draw.choice(("gbk", "utf-16", "utf-16-le", "utf-8-sig", "latin-1", "gb18030", "utf-7"))
    said = draw.choice(("UTF-8", "GBK", "utf-16", "ISO-8859-1", "EBCDIC", "x" * 30))
    return text.replace("UTF-8", said, 1).encode(name, errors="replace")


def _tree(draw: random.Random, data: bytes) -> bytes:  # noqa: C901 - a list of damages
    """Change what stands where, and leave it XML."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return _value(draw, data)
    inside = [one for one in root.iter(etree.Element) if one is not root]
    if not inside:
        return data
    one, other = draw.choice(inside), draw.choice(inside)
    parent = one.getparent()
    match draw.randrange(8):
        case 0:
            parent.remove(one)
        case 1:
            for _ in range(draw.choice((1, 3, 120))):
                parent.append(copy.deepcopy(one))
        case 2:
            one.text = draw.choice(("stray", "\n", "x" * 5000))
            one.tail = draw.choice(("stray", " ", "测"))
        case 3:
            name = etree.QName(one).localname
            one.tag = draw.choice((name.upper(), name.lower(), f"{name}_", "x" + name, "字段"))
        case 4:
            one.set(draw.choice(("guid", "nil", "Id")), "x" * draw.choice((1, 3000)))
        case 5 if other not in {one, *one.iterancestors(), *one.iterdescendants()}:
            other.append(one)
        case 6:
            parent.insert(0, one)
        case _:
            one.append(copy.deepcopy(other))
    return etree.tostring(root, encoding=draw.choice(("UTF-8", "GBK", "UTF-16")))


ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9)).encode()
TO_HOST = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
LISTS = b'{"sessionID":1,"payExchangeInfoHead":['
BOMBS: tuple[tuple[bytes, bytes, int, bytes], ...] = (
    (b'<!DOCTYPE b [<!ENTITY l0 "x">', ENTITIES, 1, b"]><CEB311Message>&l8;</CEB311Message>"),
    (TO_HOST, b"<CEB622Message>&x;</CEB622Message>", 1, b""),
    (b"<CEB311Message ", b'a%d="" ', 5_000, b"/>"),
    (b"<CEB311Message ", b'xmlns:n%d="u" ', 5_000, b"><Order/></CEB311Message>"),
    (b"<CEB311Message>", b"<Order><OrderHead/></Order>", 50_000, b"</CEB311Message>"),
    (b"<CEB311Message><Order>", b"<OrderList/>", 90_000, b"</Order></CEB311Message>"),
    (b"<INV211><BondInvtBsc>", b"<x%d/>", 200_000, b"</BondInvtBsc></INV211>"),
    (b"<Package>", b"<BussinessData><Y/></BussinessData>", 60_000, b"</Package>"),
    (b"<CEB900Message><MessageReturn><oriBizMessage>", b"z", 9_000_000, b""),
    (b"<CEB622Message><InventoryReturn><returnInfo>", b"<![CDATA[z]]>", 250_000, b""),
    (b"<CEB311Message><!--", b"-", 9_000_000, b""),
    (b"", b"<?x ", 500_000, b""),
    (b"", b"<", 5_000_000, b""),
    (b"", b"&lt;", 3_000_000, b""),
    (b"", b" ", 16_000_000, b""),
    (b"", "测".encode("gbk"), 8_000_000, b""),
    (b"\xff\xfe", "测".encode("utf-16-le"), 4_000_000, b""),
    (b"", b'{"a":', 3_000, b"1" + b"}" * 3_000),
    (b'{"code":', b"9", 500_000, b',"serviceTime":1}'),
    (b'{"code":1,"serviceTime":1', b',"a":1', 1_000_000, b"}"),
    (LISTS, b"{},", 300_000, b"{}]}"),
    (LISTS, b"{},", 500_000, b"{}]}"),
    (b"payExInfoStr=%7B%22", b"a=1&", 250_000, b""),
    (b"payExInfoStr=", b"%7B", 300_000, b""),
    (b"PK\x03\x04", b"\x00", 1_000, b""),
)
"""Letters made to be heavy: opening, piece (its number where it says %d), how often, closing."""


def _bomb(number: int) -> bytes:
    opening, piece, times, closing = BOMBS[number]
    if b"%d" in piece:
        return opening + b"".join(piece % n for n in range(times)) + closing
    return opening + piece * times + closing


DAMAGES: tuple[Damage, ...] = (
    *(_cut, _insert, _flip, _repeat, _rename, _wrap, _encode, _encode),
    *([_value] * 8),
    *([_tree] * 12),
)


def letters() -> list[bytes]:
    """Return the good messages: one of every form with every field, our samples, a large one."""
    written = [write(one.kind, [filled(one)], cover(one), dialect=one.dialect) for one in FORMS]
    ours = [one.read_bytes() for one in sorted(DATA.glob("*.xml"))]
    order = next(one for one in FORMS if one.kind == "CEB312")
    return [*written, *ours, PULL.encode(), write("CEB312", [filled(order)] * 100)]


def damaged(seed: int, number: int, good: list[bytes]) -> bytes:
    """Return letter `number` of this seed."""
    if number < len(BOMBS):
        return _bomb(number)
    draw = random.Random(f"{seed}/{number}")
    data = good[number % len(good)]
    for _ in range(draw.randint(1, 3)):
        data = draw.choice(DAMAGES)(draw, data or b"<x/>")
    return data


def look(data: bytes) -> int:
    """Do all that can be done with a letter; return the verdict."""
    looked = checking.look("letter.xml", data)
    json.dumps(looked.facts(), ensure_ascii=False).encode()
    "\n".join(checking.lines(looked, "zh")).encode()
    for document in looked.message.documents[:20] if looked.message else ():
        for view in VIEWS.get(document.kind, ()):
            with suppress(Unreadable):
                view.of(document).document()
        if document.usable and document.kind in SHAPES:
            with suppress(Unwritable):
                write(document.kind, [document])
    return looked.verdict


VIEWS: dict[str, list[type[View]]] = {}
for _view in vars(codecs).values():
    if isinstance(_view, type) and issubclass(_view, View):
        for _kind in _view.kinds:
            VIEWS.setdefault(_kind, []).append(_view)


def main(seed: int, count: int, limit_mb: int) -> None:
    """Look at `count` letters; print the slowest, the memory and the verdicts."""
    good = letters()
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    ceiling = held + limit_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    verdicts: Counter[int] = Counter()
    slowest = (0.0, 0)
    for number in range(count):
        data = damaged(seed, number, good)
        started = time.process_time()
        try:
            verdicts[look(data)] += 1
        except BaseException:
            sys.stderr.write(f"letter {number} of seed {seed}: {data[:300]!r}\n")
            raise
        slowest = max(slowest, (time.process_time() - started, number))
    # Not ru_maxrss, which a process inherits from the one that started it.
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    print(  # noqa: T201 - this is a program
        json.dumps(
            {
                "letters": count,
                "slowest_s": slowest[0],
                "slowest": slowest[1],
                "peak_mb": peak,
                "verdicts": verdicts,
            }
        )
    )


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:4]))
