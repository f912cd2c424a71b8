"""The XML of the counterpart: letters into plain dictionaries, answers out of them."""

import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from lxml import etree

BEIJING = timezone(timedelta(hours=8))
_CEB = "http://www.chinaport.gov.cn/ceb"
_SPACE = uuid.UUID("0d7b0e6e-5f0f-5c55-8d0c-3b1a8a3b9f11")
Fields = dict[str, str]


@dataclass
class Paper:
    """A letter taken apart: its kind, and each document as head, lines and bills."""

    kind: str
    documents: list["Sheaf"] = field(default_factory=list)


@dataclass
class Sheaf:
    """One document; names are in lower case, so that both dialects read alike."""

    head: Fields
    lines: list[Fields]
    bills: list[Fields]


_PAYLOADS = {"InvtMessage": "INV101", "PassPortMessage": "SAS121"}


def take_apart(data: bytes) -> Paper:
    """Read a letter; raises ValueError when it is not one this counterpart answers."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("DTD")
    name = _name(root)
    if name.startswith("CEB") and name.endswith("Message"):
        tail = {"BaseTransfer", "BaseSubscribe", "ExtendMessage", "Signature"}
        return Paper(name[:6], [_sheaf(one) for one in root if _name(one) not in tail])
    if name == "GATHER_INFO":
        return Paper("GATE81", [Sheaf(dict(_flat(root)), [], [])])
    for one in root.iter():
        if _name(one) in _PAYLOADS:
            return Paper(_PAYLOADS[_name(one)], [_sheaf(one)])
    raise ValueError(name)


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _flat(element: etree._Element) -> list[tuple[str, str]]:
    return [
        (_name(one).lower(), one.text.strip())
        for one in element.iter()
        if not len(one) and one.text
    ]


def _sheaf(element: etree._Element) -> Sheaf:
    head: Fields = {}
    lines: list[Fields] = []
    bills: list[Fields] = []
    for one in element:
        name = _name(one)
        if "Head" in name:
            head = dict(_flat(one))
        elif "Bill" in name or name == "PassportAcmp":
            bills.append(dict(_flat(one)))
        elif "List" in name:
            lines.append(dict(_flat(one)))
    return Sheaf(head, lines, bills)


def beijing(moment: float | None = None) -> datetime:
    """Return a moment, now by default, in Beijing time."""
    return datetime.fromtimestamp(time.time() if moment is None else moment, UTC).astimezone(
        BEIJING
    )


def stamp(moment: datetime) -> str:
    """Return `yyyyMMddHHmmssSSS`."""
    return f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03d}"


def guid(*parts: object) -> str:
    """Return the upper-case UUID that stands for these parts."""
    return str(uuid.uuid5(_SPACE, "/".join(str(part) for part in parts))).upper()


def ceb_receipt(kind: str, element: str, message: str, returns: list[Fields]) -> bytes:
    """Return a receipt in the default namespace, without prefix, as customs writes it."""
    root = etree.Element(f"{{{_CEB}}}{kind}Message", nsmap={None: _CEB})
    root.set("version", "1.0")
    root.set("guid", message)
    for one in returns:
        _fill(etree.SubElement(root, f"{{{_CEB}}}{element}"), one, f"{{{_CEB}}}")
    return _bytes(root)


def zone_receipt(kind: str, number: str, parts: list[tuple[str, Fields]], sent: datetime) -> bytes:
    """Return an INV2xx or SAS2xx receipt: Package, EnvelopInfo, DataInfo, BussinessData."""
    dsig = "http://www.w3.org/2000/09/xmldsig#"
    space = f"{{{dsig}}}" if kind.startswith("INV") else ""
    root = etree.Element(f"{space}Package", nsmap={None: dsig} if space else None)
    ending = "INV" if space else "SAS"
    info = {
        "version": "1.0",
        "message_id": number,
        "file_name": f"{number}.{ending}",
        "message_type": kind,
        "sender_id": "CUS0000",
        "receiver_id": "E010000",
        "send_time": f"{sent:%Y-%m-%dT%H:%M:%S}",
    }
    _fill(etree.SubElement(root, f"{space}EnvelopInfo"), info, space)
    data = etree.SubElement(root, f"{space}DataInfo")
    pocket = {"pocket_id": number, "total_pocket_qty": "1", "cur_pocket_no": "1"}
    _fill(etree.SubElement(data, f"{space}PocketInfo"), pocket, space)
    payload = etree.SubElement(etree.SubElement(data, f"{space}BussinessData"), f"{space}{kind}")
    for name, fields in parts:
        _fill(etree.SubElement(payload, f"{space}{name}"), fields, space)
    return _bytes(root)


def first_answer(seq_no: str, preent_no: str, note: str, flag: str) -> bytes:
    """Return the client's own answer, element name misspelt as it is."""
    root = etree.Element("CommonResponeMessage", nsmap={"ns2": "http://www.chinaport.gov.cn/sas"})
    values = {"SeqNo": seq_no, "EtpsPreentNo": preent_no, "CheckInfo": note, "DealFlag": flag}
    _fill(root, values, "")
    return _bytes(root)


def _fill(element: etree._Element, fields: Fields, space: str) -> None:
    for name, text in fields.items():
        etree.SubElement(element, f"{space}{name}").text = text


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
