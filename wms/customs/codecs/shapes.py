"""All shapes by kind, and by the element a message is recognised by."""

from wms.customs.codecs import fields_ceb, fields_gate, fields_szone
from wms.customs.codecs.table import Shape, fold

SHAPES: dict[str, Shape] = {**fields_ceb.SHAPES, **fields_szone.SHAPES, **fields_gate.SHAPES}

BY_ELEMENT: dict[str, Shape] = {
    fold(name): shape
    for shape in SHAPES.values()
    for name in (shape.kind, shape.element, *(() if shape.wrapped else shape.head.names))
    if not shape.kind.startswith("CEB")
}
"""Special zone and gate: payload or root element, in either dialect, to its shape."""
