"""Release sheets: filed, answered by customs in any order, refused by the client, empty or full."""

import itertools
from collections.abc import Iterator

import pytest
from clearance_site import MILK
from gate_site import PLATE, SITE, Gate, gate_site
from lxml import etree

from wms.customs import queries as customs
from wms.gate import queries
from wms.gate.service import ApplyFirstAnswer, SheetLine, apply_first_answer
from wms.kernel.errors import Invalid, Unknown
from wms.kernel.quantity import Quantity


@pytest.fixture
def gate(demo_url: str) -> Iterator[Gate]:
    with gate_site(demo_url) as found:
        yield found


def letter(gate: Gate, sheet_no: str) -> dict[str, str]:
    (found,) = gate.ask(customs.letters, "out")
    assert gate.ask(customs.letter_out, found.letter_id).business_no == sheet_no
    root = etree.fromstring(gate.ask(customs.letter_out, found.letter_id).body)
    return {etree.QName(e).localname: e.text or "" for e in root.iter() if isinstance(e.tag, str)}


def test_the_letter_says_what_the_scale_should_say(gate):
    line = SheetLine(
        1, MILK, "1901101090", "奶粉", "122", Quantity.of(6), Quantity.of("6.852"), Quantity.of(5)
    )
    sheet_no = gate.filed(
        kind="2",
        bind="3",
        related_kind="1",
        related=("QD640926I000000001",),
        gross_kg=Quantity.of("6.852"),
        net_kg=Quantity.of(5),
        container_no="QZXU9001011",
        container_kg=Quantity.of(2230),
        frame_no="琼A9001挂",
        frame_kg=Quantity.of(6350),
        lines=(line,),
    )
    told = letter(gate, sheet_no)
    assert told["TotalWt"] == "12966.852"
    assert told["EtpsPreentNo"] == sheet_no
    assert (told["VehicleNo"], told["ContainerNo"]) == (PLATE, "QZXU9001011")
    assert (told["RtlBillNo"], told["DclQty"]) == ("QD640926I000000001", "6")


def test_an_empty_vehicle_has_a_sheet_with_no_goods(gate):
    told = letter(gate, gate.filed())
    assert (told["PassportTypecd"], told["TotalGrossWt"], told["TotalWt"]) == ("6", "0", "4380")


RECEIPTS = [("SAS221", "Y"), ("SAS221", "2"), ("SAS221", "1"), ("SAS221", "1"), ("SAS221", "3")]


@pytest.mark.parametrize("seed", range(0, 120, 17))
def test_receipts_in_any_order_end_at_the_same_state(gate, seed):
    order = next(itertools.islice(itertools.permutations(RECEIPTS), seed, None))
    sheet_no = gate.filed()
    for kind, result in order:
        gate.receive(sheet_no, kind, result)
    sheet = gate.ask(queries.sheet, sheet_no)
    assert sheet.state == "approved"
    assert sheet.passport_no
    assert sheet.approved_at is not None


def test_customs_confirms_a_passage_and_closes_a_sheet_nobody_saw_pass(gate):
    sheet_no = gate.approved()
    gate.receive(sheet_no, "SAS223", "1")
    sheet = gate.ask(queries.sheet, sheet_no)
    assert (sheet.state, sheet.passed_at) == ("passed", None)
    assert sheet.confirmed_at is not None
    assert [r.code for r in gate.drive("p1").reasons] == ["gate.no_sheet", "gate.sheet_passed"]


def test_a_refused_sheet_is_told_and_opens_nothing(gate):
    sheet_no = gate.filed(document="L1")
    gate.receive(sheet_no, "SAS221", "3")
    told = gate.events("gate.sheet_settled")
    assert [(one["document"], one["state"]) for one in told] == [("L1", "refused")]
    assert [r.code for r in gate.drive("p1").reasons] == ["gate.no_sheet", "gate.sheet_void"]


def test_a_letter_the_client_does_not_take_ends_the_sheet(gate):
    sheet_no = gate.filed()
    assert gate.run(apply_first_answer, ApplyFirstAnswer(SITE, "SAS121", sheet_no, True, "")) is (
        False
    )
    assert gate.run(apply_first_answer, ApplyFirstAnswer(SITE, "INV101", sheet_no, False, "")) is (
        False
    )
    no = ApplyFirstAnswer(SITE, "SAS121", sheet_no, False, "校验失败")
    assert gate.run(apply_first_answer, no) is True
    sheet = gate.ask(queries.sheet, sheet_no)
    assert (sheet.state, sheet.remark) == ("refused", "校验失败")


def test_a_receipt_for_a_sheet_of_somebody_else_is_refused(gate):
    with pytest.raises(Unknown):
        gate.receive("OTHER000000001", "SAS221", "1")


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "9"},
        {"bind": "4"},
        {"kind": "3"},
        {"related": ("QD1",)},
        {"vehicle_kg": Quantity.of(0)},
        {"net_kg": Quantity.of(1)},
        {"frame_kg": Quantity.of(-1)},
        {"contact": " "},
        {"container_no": "QZXU9001012"},
        {"plate": "no plate"},
    ],
)
def test_what_breaks_a_rule_of_the_form_is_not_filed(gate, changes):
    with pytest.raises(Invalid):
        gate.filed(**changes)
    assert gate.ask(queries.sheets) == ()
    assert gate.ask(customs.letters, "out") == ()
