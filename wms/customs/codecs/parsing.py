"""The hardened door for XML from outside: bounded, no DTD, no entities, known encodings."""

import re
from contextlib import suppress
from typing import Final

from lxml import etree

from wms.customs.codecs.findings import Finding, Unreadable, shown

MAX_BYTES: Final = 16 * 1024 * 1024
MAX_ELEMENTS: Final = 300_000

_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_BOM: Final = b"\xef\xbb\xbf"
_CHINESE: Final = "gb18030"
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "gbk": _CHINESE,
    "gb2312": _CHINESE,
    "gb18030": _CHINESE,
    "cp936": _CHINESE,
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    # Declared by habit, never meant: such a file is UTF-8 or GBK.
    "iso-8859-1": "",
    "latin1": "",
    "windows-1252": "",
}
_MARKS = (
    (_BOM, "utf-8"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)


def parse(data: bytes) -> tuple[etree._Element, tuple[Finding, ...]]:
    """Return the root element of `data` and what was odd about its encoding.

    Raises Unreadable: `customs.too_big`, `customs.encoding`, `customs.doctype`, `customs.not_xml`,
    `customs.too_deep`, `customs.too_many_elements`. Nothing outside `data` is ever opened.
    """
    bounded(data)
    stated, declared, odd = _encoding(data)
    if stated == "utf-8":
        # libxml2 refuses by itself what is no UTF-8: the usual letter is not decoded to find out.
        with suppress(etree.XMLSyntaxError):
            return _root(_bare(data)), _remark(declared, stated) if odd else ()
    body, actual = _as_utf8(data, stated, declared)
    try:
        root = _root(_bare(body))
    except etree.XMLSyntaxError as error:
        deep = "depth" in (error.msg or "")  # libxml2 stops at 256 levels
        code = "customs.too_deep" if deep else "customs.not_xml"
        raise _refusal(code, error.msg or "", "XML 1.0") from None
    return root, _remark(declared, actual) if odd or actual != stated else ()


def _root(body: bytes) -> etree._Element:
    """Return the root of a letter in UTF-8, without its mark and leading blanks."""
    prolog = _PROLOG.match(body)
    if prolog and body.startswith(b"<!DOCTYPE", prolog.end()):
        raise _refusal("customs.doctype", "<!DOCTYPE", "")
    # Every element opens with "<" and closes with another, or in "/>": an upper bound, for free.
    opened = body.count(b"<") if len(body) > MAX_ELEMENTS else 0
    if opened > MAX_ELEMENTS and opened - body.count(b"</") > MAX_ELEMENTS:
        raise _refusal("customs.too_many_elements", str(opened), str(MAX_ELEMENTS))
    root = etree.fromstring(body, _parser())
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refusal("customs.doctype", "<!DOCTYPE", "")
    return root


def bounded(data: bytes) -> None:
    """Raise Unreadable `customs.too_big` for more than a letter may have."""
    if len(data) > MAX_BYTES:
        raise _refusal("customs.too_big", f"{len(data)}", f"{MAX_BYTES}")


def local_name(element: etree._Element) -> str:
    """Return the name without its namespace, `` for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,
        recover=False,
    )


def _encoding(data: bytes) -> tuple[str, str, bool]:
    """Return the encoding a letter shows or declares, the name it declares, whether they part.

    The first is empty where it declares what it cannot be.
    """
    mark = next((name for start, name in _MARKS if data.startswith(start)), "")
    found = _DECLARED.match(data[:400].removeprefix(_BOM))
    declared = found.group(1).decode().lower() if found else "utf-8"
    if not mark and declared not in _ENCODINGS:
        raise _refusal("customs.encoding", declared, "UTF-8")
    stated = mark or _ENCODINGS[declared]
    if not mark and stated.startswith("utf-16"):
        stated = ""  # UTF-16 would show in the first two bytes
    return stated, declared, bool(mark and found and _ENCODINGS.get(declared) != mark)


def _as_utf8(data: bytes, stated: str, declared: str) -> tuple[bytes, str]:
    """Return the same in UTF-8, and the encoding it is in.

    Clients write GBK below a declaration that says UTF-8, and the other way round. UTF-8 is tried
    before GBK: text of the one is almost never by chance text of the other.
    """
    error = f"{declared} @ 0"
    others = () if stated.startswith("utf-16") else ("utf-8", _CHINESE)
    for name in (stated, *others):
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError) as refused:
            position = refused.start if isinstance(refused, UnicodeDecodeError) else 0
            error = f"{declared} @ {position}" if name == stated else error
            continue
        # What is UTF-8 stays as it is: a large letter need not stand in memory twice.
        return (data if name == "utf-8" else text.encode()), name
    raise _refusal("customs.encoding", error, "UTF-8")


def _bare(body: bytes) -> bytes:
    return body.removeprefix(_BOM).lstrip()


def _remark(declared: str, actual: str) -> tuple[Finding, ...]:
    return (Finding("", "customs.encoding_other", shown(declared), actual, grave=False),)


def _refusal(code: str, read: str, expected: str) -> Unreadable:
    return Unreadable(Finding("", code, shown(read), expected))
