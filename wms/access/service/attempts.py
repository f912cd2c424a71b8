"""Failed attempts, counted in the database so that every process sees the same number."""

from collections.abc import Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from wms.access import proofs, rules
from wms.access.models import FailedAttempts
from wms.access.rules import Attempts, Limit
from wms.access.terms import Proof, Verdict
from wms.db.transaction import Tx
from wms.kernel.secret import Secret

Subjects = Mapping[str, Limit]
"""What an attempt is counted under, the one that a success clears first."""


def prove(tx: Tx, subjects: Subjects, kept: str | None, given: Secret) -> Proof:
    """Return whether a secret is the one kept, counting the attempt.

    The slow comparison holds no lock. The counters are locked after it and asked again, so of any
    number of parallel attempts no more are told "wrong" than the limit allows, and beyond it the
    right secret is not accepted either. The caller must let the transaction commit whatever the
    verdict: a rollback would forget the failure.
    """
    blocked = _wait(tx, _read(tx, subjects))
    if blocked:
        return Proof(Verdict.BLOCKED, blocked)
    if proofs.matches(kept, given):
        blocked = _wait(tx, _read(tx, subjects, lock=True))
        if blocked:
            return Proof(Verdict.BLOCKED, blocked)
        clear(tx, next(iter(subjects)))
        return Proof(Verdict.ACCEPTED)
    return _fail(tx, subjects)


def clear(tx: Tx, subject: str) -> None:
    """Forget the failures of one subject."""
    tx.session.execute(
        delete(FailedAttempts).where(
            FailedAttempts.site_id == tx.site_id, FailedAttempts.subject == subject
        )
    )


def _fail(tx: Tx, subjects: Subjects) -> Proof:
    fresh = [
        {"site_id": tx.site_id, "subject": subject, "failures": 0, "last_failed_at": tx.now}
        for subject in sorted(subjects)
    ]
    tx.session.execute(insert(FailedAttempts).values(fresh).on_conflict_do_nothing())
    before = _read(tx, subjects, lock=True)
    blocked = _wait(tx, before)
    if blocked:
        return Proof(Verdict.BLOCKED, blocked)
    for subject, limit in subjects.items():
        after = rules.after_failure(before[subject], limit, tx.now)
        tx.session.execute(
            update(FailedAttempts)
            .where(FailedAttempts.site_id == tx.site_id, FailedAttempts.subject == subject)
            .values(
                failures=after.failures,
                last_failed_at=after.last_failed_at,
                blocked_until=after.blocked_until,
            )
        )
        tx.note("failed_attempts", subject, before[subject].failures, after.failures)
    return Proof(Verdict.WRONG)


def _read(tx: Tx, subjects: Subjects, *, lock: bool = False) -> dict[str, Attempts]:
    query = (
        select(
            FailedAttempts.subject,
            FailedAttempts.failures,
            FailedAttempts.last_failed_at,
            FailedAttempts.blocked_until,
        )
        .where(FailedAttempts.site_id == tx.site_id, FailedAttempts.subject.in_(list(subjects)))
        .order_by(FailedAttempts.subject)
    )
    rows = tx.session.execute(query.with_for_update() if lock else query)
    return {row.subject: Attempts(*row[1:]) for row in rows}


def _wait(tx: Tx, found: Mapping[str, Attempts]) -> int:
    return max((rules.wait(attempts, tx.now) for attempts in found.values()), default=0)
