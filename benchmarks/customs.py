"""Claim: reading a letter costs little beside parsing it, and writing one little beside its rows.

Reading: 100 documents a message, ours (encodings, every value held against the field table, sums,
findings) beside bare lxml (parse, walk, local names and texts into dicts, nothing checked).
Writing: release lists as the business has them, to validated 621 messages of 100; the share of the
schema is said apart. CPU time of one process, the best of some rounds, no database.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from statistics import median

from lxml import etree

from wms.customs import codecs, service
from wms.customs.codecs import Document, ListReceipt, ReleaseList, ReleaseListLine, Transfer, xsd

DOCUMENTS = 100
NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
TRANSFER = Transfer("460166DM01", "海口测试仓储有限公司", "DXPENT9900000001")


def measure(*, quick: bool = False) -> dict[str, object]:
    """Return documents a second for reading and writing, and the limit beside each."""
    rounds = 1 if quick else 15
    lists = [_release_list(number) for number in range(DOCUMENTS)]
    letter = codecs.write("CEB621", [one.document() for one in lists], TRANSFER)
    receipts = codecs.write("CEB622", [_receipt(number) for number in range(DOCUMENTS)])
    schema, root = xsd.schema("CEB621"), etree.fromstring(letter)
    writing = _rate(lambda: _write(lists), rounds)
    return {
        "documents_per_message": DOCUMENTS,
        "bytes_per_list": len(letter) // DOCUMENTS,
        "read_621": _beside(letter, rounds, wrapped=True),
        "read_622": _beside(receipts, rounds, wrapped=False),
        "write_621_per_s": round(writing),
        "share_of_schema": round(writing / _rate(lambda: schema.validate(root), rounds), 3),
    }


def _beside(letter: bytes, rounds: int, *, wrapped: bool) -> dict[str, float]:
    """Take turns, so that both meet the same moods of the machine."""
    pairs = [
        (
            _rate(lambda: codecs.read(letter), 1),
            _rate(lambda: _walk(letter, wrapped=wrapped), 1),
        )
        for _ in range(4 * rounds)
    ]
    return {
        "ours_per_s": round(max(ours for ours, _ in pairs)),
        "bare_lxml_per_s": round(max(bare for _, bare in pairs)),
        "ratio": round(median(ours / bare for ours, bare in pairs), 2),
    }


def _walk(letter: bytes, *, wrapped: bool) -> list[list[dict[str, str]]]:
    """Read the same with lxml alone: local names and texts, a dict a part, and nothing checked."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(letter, parser)
    return [
        [
            {one.tag.rpartition("}")[2]: (one.text or "").strip() for one in part}
            for part in (document if wrapped else (document,))
        ]
        for document in root
    ]


def _write(lists: list[ReleaseList]) -> None:
    documents = [one.document() for one in lists]
    for document in documents:
        service.writing_findings(document)
    codecs.write("CEB621", documents, TRANSFER)


def _rate(work: Callable[[], object], rounds: int) -> float:
    """Return documents a second of CPU, the best round of all."""
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return DOCUMENTS / best


def _receipt(number: int) -> Document:
    return ListReceipt(
        guid=f"0192F000-0000-7000-8000-{number:012d}",
        status="800",
        time=NOW,
        info="[Code:1800;Desc:放行]",
        cop_no=f"COP{number:09d}",
        pre_no=f"B20261122{number:09d}",
        invt_no=f"64092026I{number:09d}",
    ).document()


def _release_list(number: int) -> ReleaseList:
    line = ReleaseListLine(
        gnum=1,
        item_record_no="1",
        item_no="SKU-1",
        gcode="1901101090",
        gname="婴儿奶粉",
        gmodel="800g/罐",
        country="309",
        qty=Decimal(2),
        unit="122",
        qty1=Decimal("1.6"),
        unit1="035",
        price=Decimal("119.5"),
        total_price=Decimal(239),
    )
    return ReleaseList(
        guid=f"0192F000-0000-7000-8000-{number:012d}",
        app_time=NOW,
        order_no=f"ORDER-{number:06d}",
        ebp_code="4601660P01",
        ebp_name="测试平台",
        ebc_code="460166DM02",
        ebc_name="测试商家",
        logistics_no=f"WB-{number:06d}",
        logistics_code="4601660C01",
        logistics_name="测试物流",
        cop_no=f"COP{number:09d}",
        assure_code="460166DM02",
        ems_no="T6409W990001",
        decl_time=date(2026, 11, 22),
        customs_code="6409",
        port_code="6409",
        buyer_id_number="460106199001020012",
        buyer_name="测试甲",
        buyer_telephone="13900000001",
        consignee_address="海南省海口市测试路1号",
        agent_code="460166DM01",
        agent_name="测试代理",
        area_code="460166DM01",
        area_name="测试仓",
        traf_mode="4",
        freight=Decimal(0),
        insured_fee=Decimal(0),
        gross_weight=Decimal("2.1"),
        net_weight=Decimal("1.6"),
        lines=(line, replace(line, gnum=2, item_record_no="2")),
    )
