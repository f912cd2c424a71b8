"""What is written is read back as it was, and nothing that breaks the field table is written."""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from decimal import Decimal

import customs_letters as letters
import pytest
from customs_filled import cover, filled
from hypothesis import given, settings
from hypothesis import strategies as st

from wms.customs import codecs
from wms.customs.codecs import Document, Unwritable, read, write
from wms.customs.codecs.forms import Count, Form, Number, Text, Time
from wms.customs.codecs.shapes import FORMS, SHAPES
from wms.customs.codecs.table import Field, Part, Shape
from wms.customs.codecs.views import View
from wms.kernel.clock import BEIJING

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
    needed = {one.name: value(one) for one in part.written if one.need != "o"}
    others = {one.name: value(one) for one in part.written if one.name not in needed}
    return st.fixed_dictionaries(needed, optional=others)


@st.composite
def documents(draw: st.DrawFn, shape: Shape) -> Document:
    lines: tuple[dict[str, str], ...] = ()
    if shape.lines:
        drawn = draw(st.lists(values(shape.lines), min_size=1, max_size=3))
        counted = "gnum" in shape.lines.by_name
        lines = tuple(one | ({"gnum": str(n)} if counted else {}) for n, one in enumerate(drawn, 1))
    parts = {
        part.name: tuple(draw(st.lists(values(part), min_size=1, max_size=min(part.most or 2, 2))))
        for part in shape.parts
    }
    return Document(shape.kind, draw(values(shape.head)) | SUMS.get(shape.kind, {}), lines, parts)


SUMS = {
    "CEB511": {"packNo": "1"},
    "CEB621": {"packNo": "1", "netWeight": "1.5", "grossWeight": "2"},
}
"""Fields that must fit together, which drawn ones do not."""


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_every_form_of_every_kind_is_read_back(data):
    shape = data.draw(st.sampled_from(FORMS))
    most = 2 if shape.documents != 1 else 1
    many = data.draw(st.lists(documents(shape), min_size=1, max_size=most))
    written = write(shape.kind, many, cover(shape), dialect=shape.dialect)
    message = read(written)
    assert {one.code for one in message.findings} <= {"customs.sum", "customs.unsigned"}
    assert (message.kind, message.dialect) == (shape.kind, shape.dialect)
    assert len(message.documents) == len(many)
    for was, now in zip(many, message.documents, strict=True):
        assert (now.head, now.lines, now.parts) == (was.head, was.lines, was.parts)
        assert now.unknown == {}


def test_no_form_is_forgotten():
    """The property draws forms at random; each is tried here once, with every field filled."""
    for shape in FORMS:
        document = filled(shape)
        message = read(write(shape.kind, [document], cover(shape), dialect=shape.dialect))
        (now,) = message.documents
        assert (now.head, now.lines, now.parts) == (document.head, document.lines, document.parts)


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
        codes = {one.code for one in message.findings}
        assert codes <= {"customs.sum", "customs.unsigned", "customs.value"}
        assert type(view).of(message.documents[0]) == view


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_one_broken_value_is_refused_by_its_name(data):
    shape = data.draw(st.sampled_from([one for one in FORMS if one.head.required]))
    document = data.draw(documents(shape))
    one = data.draw(st.sampled_from(shape.head.required))
    wrong = data.draw(st.sampled_from(["", "\u202e", "x" * 9000, "\x00", "-1", "1e3", "٣"]))
    broken = replace(document, head={**document.head, one.name: wrong})
    if wrong in {"-1", "1e3", "٣"} and not one.form.problem(wrong) and not one.allowed:
        write(shape.kind, [broken], cover(shape), dialect=shape.dialect)
        return
    with pytest.raises(Unwritable) as refused:
        write(shape.kind, [broken], cover(shape), dialect=shape.dialect)
    assert one.name in {f.path.rpartition("/")[2] for f in refused.value.findings}


VIEWS = [one for one in vars(codecs).values() if isinstance(one, type) and issubclass(one, View)]


@pytest.mark.parametrize("view", VIEWS, ids=lambda one: one.__name__)
def test_every_view_takes_all_it_names_from_a_document_and_gives_it_back(view):
    """Each attribute is filled from a field that exists, and none is lost on the way back."""
    for kind in view.kinds:
        held = view.of(filled(SHAPES[kind]))
        empty = {one.name for one in fields(held) if getattr(held, one.name) in {None, "", ()}}
        assert empty <= {"order_no", "logistics_no"}, empty  # known on reading, never written
        assert view.of(held.document()) == held
