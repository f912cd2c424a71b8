"""What is written is read back as it was, and nothing that breaks the field table is written."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import customs_letters as letters
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wms.customs.codecs import Document, Unwritable, read, write
from wms.customs.codecs.forms import Count, Form, Number, Text, Time
from wms.customs.codecs.shapes import SHAPES
from wms.customs.codecs.table import Field, Part
from wms.kernel.clock import BEIJING

WRITTEN = sorted(kind for kind, shape in SHAPES.items() if shape.writable)
TEXT = st.characters(codec="utf-8", exclude_categories=["C", "Z"])
MOMENTS = st.datetimes(
    datetime.fromisoformat("2016-01-01"), datetime.fromisoformat("2099-12-31")
).map(
    lambda one: one.replace(microsecond=one.microsecond // 1000 * 1000, tzinfo=BEIJING),
)


def numbers(form: Number) -> st.SearchStrategy[str]:
    top = 10 ** min(form.digits - form.decimals, 18) - 1
    decimals = st.decimals(0, top, places=form.decimals, allow_nan=False, allow_infinity=False)
    return decimals.map(form.dump)


def texts(form: Form) -> st.SearchStrategy[str]:
    match form:
        case Number():
            return numbers(form)
        case Count():
            return st.integers(1, 10 ** min(form.digits, 15) - 1).map(str)
        case Time():
            return MOMENTS.map(form.dump)
        case Text():
            return st.text(TEXT, min_size=max(form.low, 1), max_size=min(form.high, form.low + 12))


def value(one: Field) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(one.allowed)) if one.allowed else texts(one.form)


def values(part: Part) -> st.SearchStrategy[dict[str, str]]:
    """Every required field (conditional ones too) and any of the optional ones, in any order."""
    known = [one for one in part.fields if one.need != "r"]
    needed = {one.name: value(one) for one in known if one.need == "R" or "=" in one.need}
    others = {one.name: value(one) for one in known if one.name not in needed}
    return st.fixed_dictionaries(needed, optional=others)


@st.composite
def documents(draw: st.DrawFn, kind: str) -> Document:
    shape = SHAPES[kind]
    lines: tuple[dict[str, str], ...] = ()
    if shape.lines:
        drawn = draw(st.lists(values(shape.lines), min_size=1, max_size=3))
        counted = "gnum" in shape.lines.by_name
        lines = tuple(one | ({"gnum": str(n)} if counted else {}) for n, one in enumerate(drawn, 1))
    parts = {
        part.name: tuple(draw(st.lists(values(part), min_size=1, max_size=2)))
        for part in shape.parts
    }
    return Document(kind, draw(values(shape.head)), lines, parts)


def cover(kind: str) -> object:
    if SHAPES[kind].tail:
        return letters.TRANSFER
    return letters.envelope() if kind in {"INV101", "SAS121"} else None


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_every_kind_we_write_is_read_back(data):
    kind = data.draw(st.sampled_from(WRITTEN))
    most = 2 if SHAPES[kind].documents > 1 else 1
    many = data.draw(st.lists(documents(kind), min_size=1, max_size=most))
    message = read(write(kind, many, cover(kind)))
    assert message.findings == ()
    assert message.kind == kind
    assert len(message.documents) == len(many)
    for was, now in zip(many, message.documents, strict=True):
        assert now.findings == ()
        assert (now.head, now.lines, now.parts) == (was.head, was.lines, was.parts)


@settings(max_examples=60, deadline=None)
@given(
    number=st.integers(1, 10**6),
    qty=st.decimals(Decimal("0.00001"), Decimal(10**9), places=5),
    when=st.timedeltas(timedelta(0), timedelta(days=9000)),
)
def test_views_come_back_equal(number, qty, when):
    moment = (letters.NOW + when).replace(microsecond=0)
    today = moment.date()
    order = letters.order(number)
    order = replace(order, app_time=moment, lines=(replace(order.lines[0], qty=qty),))
    release = replace(letters.release_list(number), app_time=moment, decl_time=today, freight=qty)
    checklist = replace(letters.checklist(f"IN-{number}"), invt_dcl_time=today)
    for view, around in (
        (order, letters.TRANSFER),
        (release, letters.TRANSFER),
        (replace(letters.payment(number), pay_time=moment), letters.TRANSFER),
        (letters.waybill(number), letters.TRANSFER),
        (checklist, letters.envelope()),
        (letters.type8_checklist("OUT", [f"{number:018d}"], "4"), letters.envelope()),
        (letters.release_sheet(f"S-{number}", f"QD{number}"), letters.envelope()),
        (letters.gate_pass(f"Z{number}"), None),
    ):
        message = read(write(view.kinds[0], [view.document()], around))
        assert message.findings == ()
        assert type(view).of(message.documents[0]) == view


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_one_broken_value_is_refused_by_its_name(data):
    kind = data.draw(st.sampled_from(["CEB311", "CEB411", "CEB511", "CEB621", "INV101", "SAS121"]))
    document = data.draw(documents(kind))
    head = SHAPES[kind].head
    one = data.draw(st.sampled_from([row for row in head.fields if row.need == "R"]))
    wrong = data.draw(st.sampled_from(["", "\u202e", "x" * 9000, "\x00", "-1", "1e3", "٣"]))
    broken = Document(kind, {**document.head, one.name: wrong}, document.lines, document.parts)
    if wrong and not one.form.problem(wrong) and wrong in {"-1", "1e3", "٣"} and not one.allowed:
        write(kind, [broken], cover(kind))
        return
    with pytest.raises(Unwritable) as refused:
        write(kind, [broken], cover(kind))
    assert {f.path.rpartition("/")[2] for f in refused.value.findings} == {one.name}
