"""Every command of audit; it changes no quantity itself, it asks those who may."""

from wms.audit.service.checking import check, open_task
from wms.audit.service.deciding import decide
from wms.audit.service.handling import (
    ask_recount,
    assign,
    explain,
    propose_adjustment,
    propose_reversal,
    wait,
    write_to_customs,
)
from wms.audit.service.signing import sign
from wms.audit.service.stating import record_statement

__all__ = [
    "ask_recount",
    "assign",
    "check",
    "decide",
    "explain",
    "open_task",
    "propose_adjustment",
    "propose_reversal",
    "record_statement",
    "sign",
    "wait",
    "write_to_customs",
]
