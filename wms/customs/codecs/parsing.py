"""The hardened door for XML from outside: bounded, no DTD, no entities, known encodings."""

import re
from typing import Final

from lxml import etree

from wms.customs.codecs.findings import Finding, Unreadable, shown

MAX_BYTES: Final = 16 * 1024 * 1024
MAX_ELEMENTS: Final = 300_000

_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "utf-16": "utf-16",
}


def parse(data: bytes) -> etree._Element:
    """Return the root element of `data`.

    Raises Unreadable: `customs.too_big`, `customs.encoding`, `customs.doctype`, `customs.not_xml`,
    `customs.too_deep`, `customs.too_many_elements`. Nothing outside `data` is ever opened.
    """
    if len(data) > MAX_BYTES:
        raise _refusal("customs.too_big", f"{len(data)}", f"{MAX_BYTES}")
    text = _decoded(data)
    prolog = _PROLOG.match(text)
    if prolog and text.startswith("<!DOCTYPE", prolog.end()):
        raise _refusal("customs.doctype", "<!DOCTYPE", "")
    # Every element opens with "<" and closes with another, or in "/>": an upper bound, for free.
    if text.count("<") - text.count("</") > MAX_ELEMENTS:
        raise _refusal("customs.too_many_elements", str(text.count("<")), str(MAX_ELEMENTS))
    try:
        root = etree.fromstring(text.encode(), _parser())
    except etree.XMLSyntaxError as error:
        deep = "depth" in (error.msg or "")  # libxml2 stops at 256 levels
        code = "customs.too_deep" if deep else "customs.not_xml"
        raise _refusal(code, error.msg or "", "XML 1.0") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refusal("customs.doctype", "<!DOCTYPE", "")
    return root


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
        recover=False,
    )


def _decoded(data: bytes) -> str:
    name = "utf-8"
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        name = "utf-16"
    elif found := _DECLARED.match(data[:400].removeprefix(b"\xef\xbb\xbf")):
        name = found.group(1).decode().lower()
    if name not in _ENCODINGS:
        raise _refusal("customs.encoding", name, "UTF-8")
    try:
        text = data.decode(_ENCODINGS[name]).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _refusal("customs.encoding", f"{name} @ {error.start}", "UTF-8") from None
    return text.lstrip()


def _refusal(code: str, read: str, expected: str) -> Unreadable:
    return Unreadable(Finding("", code, shown(read), expected))
