"""All shapes by kind, and by the element a message is recognised by."""

from typing import Final

from wms.customs.codecs.assumed import import_forms, with_assumed_parts
from wms.customs.codecs.grammar import parts, shapes
from wms.customs.codecs.table import Shape, fold
from wms.customs.codecs.tables import (
    books,
    ceb_export,
    ceb_export_receipts,
    ceb_import,
    ceb_import_receipts,
    checklists,
    forms,
    gate,
    sheets,
    verdicts,
)

NAMESPACE: Final = "http://www.chinaport.gov.cn/ceb"
CEB: Final = "202205"
SIDE: Final = "2017"
GATE: Final = "JGS/T 14-2015"

_FORMS: Final = tuple(shapes(forms.TABLE, family="szone", edition=SIDE, source="side"))

_CHECKLISTS: Final = tuple(
    shapes(checklists.TABLE, family="szone", edition=SIDE, source="side", imported="client")
)

FORMS: Final = (
    *shapes(ceb_import.TABLE, family="ceb", edition=CEB, source="schema"),
    *shapes(ceb_import_receipts.TABLE, family="ceb", edition=CEB, source="schema"),
    *shapes(ceb_export.TABLE, family="ceb-export", edition=CEB, source="schema"),
    *shapes(ceb_export_receipts.TABLE, family="ceb-export", edition=CEB, source="schema"),
    *shapes(books.TABLE, family="szone", edition=SIDE, source="side", imported="seen"),
    *with_assumed_parts(_CHECKLISTS),
    *import_forms(_FORMS),
    *_FORMS,
    *shapes(sheets.TABLE, family="szone", edition=SIDE, source="side", imported="client"),
    *shapes(verdicts.TABLE, family="szone", edition=SIDE, source="seen"),
    *shapes(gate.TABLE, family="gate", edition=GATE, source="gate"),
)
"""Every form of every XML message, in the order of the documentation."""

SHAPES: Final[dict[str, Shape]] = {
    one.kind: next(form for form in FORMS if form.kind == one.kind) for one in FORMS
}
"""Shape by kind, in the same order; of two forms the one we write."""

CUSTOMS_SIDE: Final = {one.kind: one for one in FORMS if one.dialect == "customs"}
"""Customs-side form by kind."""

TAIL: Final = parts(ceb_import.TAIL, source="schema")
"""BaseTransfer and BaseSubscribe, the sender's parts of a CEB declaration."""

BY_ELEMENT: Final[dict[str, Shape]] = {
    fold(name): shape
    for shape in FORMS
    for name in (shape.element, *(() if shape.wrapped else shape.head.names))
    if not shape.family.startswith("ceb")
}
"""Special zone and gate: payload or root element, in either dialect, to its shape."""
