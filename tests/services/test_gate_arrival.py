"""Customs hears that goods are in the warehouse: the sheet is sent again with Col1 = 1."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from clearance_site import MILK, verdict
from gate_site import IN_LANE, SITE, Gate, Seen, gate_site

from wms.clearance import queries as clearance
from wms.clearance.service import FileChecklist, GoodsLine, file_checklist
from wms.customs import codecs
from wms.customs.models import LetterOut
from wms.gate.service import TellArrival, tell_arrival
from wms.gate.terms import Direction
from wms.kernel.quantity import Quantity


@pytest.fixture
def gate(demo_url: str) -> Iterator[Gate]:
    with gate_site(demo_url) as found:
        yield found


def test_only_a_sheet_that_has_passed_inward_is_told_of(gate: Gate) -> None:
    goods = (GoodsLine(MILK, Quantity.of(10), Decimal(100)),)
    filing = FileChecklist(SITE, "0", goods, transport_mode="2", country="309")
    checklist = gate.run(file_checklist, filing).inner_no
    gate.hear(verdict(checklist))
    number = gate.ask(clearance.checklist, checklist).bond_invt_no
    weights = {"gross_kg": Quantity.of(100), "net_kg": Quantity.of(90)}
    papers = {"kind": "2", "direction": Direction.IN, "related_kind": "1", "related": (number,)}
    sheet = gate.approved(**papers, **weights)

    assert gate.run(tell_arrival, TellArrival(SITE, number)) == 0
    gate.drive("p1", Seen(kg="4480"), IN_LANE)
    gate.through("p1", IN_LANE)
    assert gate.run(tell_arrival, TellArrival(SITE, "QD999999I000000001")) == 0
    assert gate.run(tell_arrival, TellArrival(SITE, number)) == 1

    with gate.reading() as tx:
        sent = tx.session.query(LetterOut).filter_by(kind="SAS121").order_by(LetterOut.queued_at)
        first, second = (codecs.read(letter.body).documents[0].head for letter in sent)
    assert first["etpsPreentNo"] == second["etpsPreentNo"] == sheet
    assert (first.get("col1", ""), second["col1"]) == ("", "1")
    assert second["totalWt"] == first["totalWt"]
