"""The official schemas of the cross-border system, read down to the facts ours are compared with.

They are a publication of customs and no part of the project. Where a copy is at hand (the folder
named by BONDHOUSE_OFFICIAL, or `shared/official` beside the checkout) they are read; else the facts
taken from them once stand in `data/customs_official.txt`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

FACTS = Path(__file__).parent / "rules" / "data" / "customs_official.txt"
EDITION = "ceb-202205"
_XS = "{http://www.w3.org/2001/XMLSchema}"
_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "official"


def folder() -> Path | None:
    """Return where the official schemas of the edition are, if they are anywhere."""
    named = os.environ.get("BONDHOUSE_OFFICIAL")  # noqa: TID251 - no setting of the product
    place = (Path(named) if named else _BESIDE) / EDITION
    return place if place.is_dir() else None


def schema(kind: str) -> etree.XMLSchema | None:
    """Return the official schema a kind belongs to, compiled."""
    place = folder()
    if place is None:
        return None
    return etree.XMLSchema(etree.parse(place / _file(kind)))


def facts() -> str:
    """Return the facts as they were taken: a line an element, in the schemas' order."""
    return FACTS.read_text()


def read(place: Path) -> str:
    """Return the facts of the schemas in `place`, in the form of `facts`."""
    return "".join(
        f"{line}\n" for name in ("import.xsd", "export.xsd") for line in _facts(place / name)
    )


def _file(kind: str) -> str:
    exported = kind < "CEB311" or kind in _EXPORT
    return "export.xsd" if exported else "import.xsd"


_EXPORT = frozenset(
    f"CEB{number}"
    for number in (403, 404, *range(505, 511), *range(603, 609), 701, 702, 792, *range(213, 217))
)


def _facts(path: Path) -> Iterator[str]:
    root = etree.parse(path).getroot()
    known = {one.get("name"): one for one in root.findall(f"{_XS}element")}
    for name, element in known.items():
        if name.startswith("CEB"):
            yield name.removesuffix("Message")
            for child in _inside(element):
                yield from _element(child, known, 1)


def _element(
    element: etree._Element, known: dict[str, etree._Element], depth: int
) -> Iterator[str]:
    """Yield one element: its name, how often it stands, and its type or what is in it."""
    ref = (element.get("ref") or "").rpartition(":")[2]
    meant = known.get(ref, element)
    name = ref or element.get("name")
    counts = f"{element.get('minOccurs', '1')}..{element.get('maxOccurs', '1')}"
    if meant.find(f"{_XS}complexType") is None or name == "ExtendMessage":
        yield f"{' ' * depth}{name} {counts} {_type(meant)}".rstrip()
        return
    yield f"{' ' * depth}{name} {counts}"
    for child in _inside(meant):
        yield from _element(child, known, depth + 1)


def _inside(element: etree._Element) -> list[etree._Element]:
    sequence = element.find(f"{_XS}complexType/{_XS}sequence")
    return [] if sequence is None else list(sequence)


def _type(element: etree._Element) -> str:
    restriction = element.find(f"{_XS}simpleType/{_XS}restriction")
    base = element.get("type", "") if restriction is None else restriction.get("base", "")
    inside = () if restriction is None else restriction
    facets = {one.tag.removeprefix(_XS): one.get("value") for one in inside}
    fixed = f" ={element.get('fixed')}" if element.get("fixed") else ""
    match base:
        case "xs:decimal":
            return f"N{facets['totalDigits']},{facets['fractionDigits']}{fixed}"
        case "xs:int":
            return f"N{facets.get('totalDigits', '')}"
        case "xs:string" if "length" in facets:
            return f"C{facets['length']}{fixed}"
        case "xs:string":
            return f"C{facets.get('minLength', '0')}..{facets.get('maxLength', '')}{fixed}"
    return ""
