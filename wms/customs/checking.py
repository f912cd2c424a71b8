"""Looking at a file without a database: what it is, what is in it, and everything found in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from lxml import etree

from wms.customs import codecs
from wms.customs.codecs import Document, Finding, Message, Unreadable
from wms.customs.codecs.findings import shown
from wms.customs.codecs.parsing import MAX_BYTES, local_name, parse
from wms.customs.codecs.pull import PULL
from wms.customs.codecs.shapes import CUSTOMS_SIDE, SHAPES
from wms.customs.codecs.table import SOURCES, Shape
from wms.customs.codecs.xsd import schema
from wms.web.messages import LANGUAGES, sentence

CLEAN, FOUND, NOTHING = 0, 1, 2
"""What a look ends with: clean, with findings, no message at all. The worst of several counts."""

_ORDER: Final = 1871  # XML_SCHEMAV_ELEMENT_CONTENT of libxml2
_HIDES_ORDER: Final = frozenset(
    ["customs.missing", "customs.misspelt", "customs.repeated", "customs.unknown_element"]
)


@dataclass(frozen=True, slots=True)
class Looked:
    """One file: `message` is None when it is none; `findings` are all, graver ones not first."""

    name: str
    message: Message | None
    shape: Shape | None
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> int:
        if self.message is None:
            return NOTHING
        return FOUND if self.findings else CLEAN

    def facts(self) -> dict[str, Any]:
        """Return the same as plain values, sentences in both languages."""
        message, shape = self.message, self.shape
        told: dict[str, Any] = {"file": self.name, "verdict": self.verdict}
        if message is not None:
            zh, en = shape.titles if shape else ("", "")
            told |= {
                "kind": shown(message.kind),
                "title": {"zh": zh, "en": en},
                "family": shape.family if shape else "",
                "edition": shape.edition if shape else "",
                "dialect": message.dialect,
                "guid": shown(message.guid),
                "signed": message.signed,
                "documents": [_document(one, shape) for one in message.documents],
            }
        return told | {"findings": [_finding(one) for one in self.findings]}


def look(name: str, data: bytes) -> Looked:
    """Return what the bytes are; never raises for their sake."""
    try:
        message = codecs.read(data)
    except Unreadable as refusal:
        return Looked(name, None, None, refusal.findings)
    known = CUSTOMS_SIDE if message.dialect == "customs" else {**SHAPES, **PULL}
    shape = known.get(message.kind)
    findings = message.findings
    if shape and shape.family.startswith("ceb"):
        findings += tuple(_order(data, shape, findings))
    return Looked(name, message, shape, findings)


def look_at(path: Path) -> Looked:
    """Return what a file is; one that cannot be read is no message."""
    name = str(path).encode(errors="replace").decode()
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        return Looked(name, None, None, (Finding("", "customs.file", error.strerror or ""),))
    return look(name, data)


def below(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files named, and those below the folders named, hidden ones left out."""
    for path in paths:
        if path.is_dir():
            inside = (one for one in path.rglob("*") if one.is_file())
            yield from sorted(
                one for one in inside if not any(p[0] == "." for p in one.relative_to(path).parts)
            )
        else:
            yield path


def lines(looked: Looked, language: str) -> Iterator[str]:
    """Yield the look as text for a person, in one language."""
    facts = looked.facts()
    if looked.message is None:
        yield f"{_printable(looked.name)}: {sentence(language, 'customs.check.nothing')}"
    else:
        about = (facts["kind"], facts["title"][language], facts["edition"], facts["dialect"])
        yield f"{_printable(looked.name)}: {' · '.join(one for one in about if one)}"
    for number, document in enumerate(facts.get("documents", ()), 1):
        keys = "  ".join(f"{name}={value}" for name, value in document["keys"].items())
        counts = "  ".join(f"{name}×{count}" for name, count in document["counts"].items())
        yield f"  {number}. {keys}  {counts}".rstrip()
    for one in facts["findings"]:
        source = f" [{one['source']}]" if one["source"] else ""
        yield f"  {'!' if one['grave'] else '-'} {one['path'] or '/'}  {one['code']}{source}"
        yield f"      {one[language]}"
    if looked.verdict == CLEAN:
        yield f"  {sentence(language, 'customs.check.clean')}"


def _printable(name: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in name)


def _document(document: Document, first: Shape | None) -> dict[str, Any]:
    """Return one document by its keys; `first` is the shape of the message's first document."""
    same = first is not None and first.kind == document.kind
    shape = first if same and first else SHAPES.get(document.kind) or PULL[document.kind]
    verdict = (document.parts.get("HdeApprResult") or ({},))[0]
    told = {name: document.head.get(name, "") for name in shape.keys}
    told |= {name: verdict[name] for name in ("businessId", "manageResult") if name in verdict}
    counts = {shape.lines.name: len(document.lines)} if shape.lines and document.lines else {}
    counts |= {name: len(many) for name, many in document.parts.items()}
    return {
        "kind": document.kind,
        "keys": {name: shown(text) for name, text in told.items() if text},
        "counts": counts,
        "usable": document.usable,
    }


def _finding(one: Finding) -> dict[str, Any]:
    place = one.path or "/"
    sentences = {
        language: sentence(language, one.code, path=place, read=one.read, expected=one.expected)
        for language in LANGUAGES
    }
    return {
        "path": one.path,
        "code": one.code,
        "read": one.read,
        "expected": one.expected,
        "grave": one.grave,
        "source": SOURCES.get(one.source, ""),
        **sentences,
    }


def _order(data: bytes, shape: Shape, findings: tuple[Finding, ...]) -> Iterator[Finding]:
    """Yield where elements stand in another order than the schema wants.

    Reading does not mind; customs refuses such a message. Where an element is unknown or missing
    the schema cannot tell the order, and the other finding is enough.
    """
    if any(one.code in _HIDES_ORDER and one.path != "BaseTransfer" for one in findings):
        return
    root, _ = parse(data)
    held = schema(shape.kind)
    if held.validate(root):
        return
    order = Finding("", "customs.order", "", "", grave=False, source="schema")
    for error in list(held.error_log)[:20]:
        if error.type == _ORDER:
            place = _plain(root, error.path or "")
            yield replace(order, path=place, read=f"{place.rpartition('/')[2]} @ {error.line}")


def _plain(root: etree._Element, path: str) -> str:
    """Return a path of libxml2 as names without namespaces, or as it is where it leads nowhere."""
    try:
        found = root.getroottree().xpath(path, namespaces=_prefixes(root)) if path else []
    except etree.XPathError:
        found = []
    element = found[0] if isinstance(found, list) and found else None
    if not etree.iselement(element):
        return shown(path)
    steps = [element, *element.iterancestors()]
    return "/".join(_step(one) for one in reversed(steps[:-1]))


def _step(element: etree._Element) -> str:
    """Return one step of a path: numbered for a document, and where others of the name stand by."""
    name = local_name(element)
    alike = f"{{*}}{name}"
    before = sum(1 for _ in element.itersiblings(alike, preceding=True))
    parent = element.getparent()
    document = parent is not None and parent.getparent() is None
    after = next(iter(element.itersiblings(alike)), None) is not None
    numbered = document or before or after
    return shown(name) + (f"[{before + 1}]" if numbered else "")


def _prefixes(root: etree._Element) -> dict[str, str]:
    return {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
