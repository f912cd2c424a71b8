"""Every reading of audit: the comparison, tasks, statements, signatures, the board, the search."""

from wms.audit.queries.board import board
from wms.audit.queries.drilling import grains
from wms.audit.queries.effects import effects
from wms.audit.queries.find import find
from wms.audit.queries.parting import with_partings
from wms.audit.queries.reconciling import line, reconcile
from wms.audit.queries.signing import checkpoint, signatures
from wms.audit.queries.stating import statement, statements
from wms.audit.queries.tasks import (
    checked_in,
    last_check,
    live_tasks,
    steps,
    task,
    task_counts,
    task_of_proposal,
    tasks,
)

__all__ = [
    "board",
    "checked_in",
    "checkpoint",
    "effects",
    "find",
    "grains",
    "last_check",
    "line",
    "live_tasks",
    "reconcile",
    "signatures",
    "statement",
    "statements",
    "steps",
    "task",
    "task_counts",
    "task_of_proposal",
    "tasks",
    "with_partings",
]
