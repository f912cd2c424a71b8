"""The release decision: pure, every reason named, and closed when anything is missing."""

from wms.gate.rules.facts import (
    Case,
    Decision,
    Evidence,
    LaneFacts,
    ListFacts,
    Reason,
    SealFacts,
    SheetFacts,
    deviation,
    needed,
    tolerance,
)
from wms.gate.rules.table import RULES, Rule, decide

__all__ = [
    "RULES",
    "Case",
    "Decision",
    "Evidence",
    "LaneFacts",
    "ListFacts",
    "Reason",
    "Rule",
    "SealFacts",
    "SheetFacts",
    "decide",
    "deviation",
    "needed",
    "tolerance",
]
