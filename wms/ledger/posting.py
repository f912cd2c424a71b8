"""The only way a quantity moves: one call of the SQL function ledger_post per document."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT, BOOLEAN, SMALLINT, TEXT, insert
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

from wms.db.payload import digest, to_json
from wms.db.transaction import Tx
from wms.kernel.errors import Conflict, Unknown
from wms.kernel.ids import new_id
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger import rules
from wms.ledger.errors import Short
from wms.ledger.models import AccountRow
from wms.ledger.terms import (
    RULE_VERSION,
    RULES,
    Balance,
    Family,
    Leg,
    Posted,
    PostedLeg,
    Posting,
    Shortage,
    Step,
)

_CALL: Final = text(
    """
    SELECT * FROM ledger_post(
      :site_id, :posting_id, :key, :request_hash, :rule_version,
      :document_kind, :document_no, :document_line, :effective_at, :recorded_at,
      :actor_id, :reason, :body,
      :accounts, :reserves, :opens, :quantities, :steps, :counters,
      :s_in, :s_pre_in, :s_out, :s_pre_out)
    """
).bindparams(
    bindparam("accounts", type_=ARRAY(PG_UUID)),
    bindparam("reserves", type_=ARRAY(PG_UUID)),
    bindparam("opens", type_=ARRAY(BOOLEAN)),
    bindparam("quantities", type_=ARRAY(BIGINT)),
    bindparam("steps", type_=ARRAY(TEXT)),
    bindparam("counters", type_=ARRAY(TEXT)),
    bindparam("s_in", type_=ARRAY(SMALLINT)),
    bindparam("s_pre_in", type_=ARRAY(SMALLINT)),
    bindparam("s_out", type_=ARRAY(SMALLINT)),
    bindparam("s_pre_out", type_=ARRAY(SMALLINT)),
)


def open_account(tx: Tx, family: Family, account_id: UUID) -> None:
    """Open an empty account; opening it again changes nothing."""
    open_accounts(tx, family, (account_id,))


def open_accounts(tx: Tx, family: Family, account_ids: tuple[UUID, ...]) -> None:
    """Open several empty accounts in one statement; those that are open stay as they are."""
    if not account_ids:
        return
    tx.session.execute(
        insert(AccountRow)
        .values(
            [
                {
                    "site_id": tx.site_id,
                    "account_id": account_id,
                    "family": family.value,
                    "in_": ZERO,
                    "pre_in": ZERO,
                    "out": ZERO,
                    "pre_out": ZERO,
                    "seq": 0,
                }
                for account_id in account_ids
            ]
        )
        .on_conflict_do_nothing()
    )


def reserve_in(account_id: UUID, quantity: Quantity, counter: str = "customs") -> Leg:
    """Expect goods: 预增. The leg's `reserve_id` is what later steps name."""
    return Leg(Step.RESERVE_IN, account_id, quantity, counter, new_id())


def post_in(reserve_id: UUID, quantity: Quantity, counter: str = "customs") -> Leg:
    """Turn a part of what was expected into stock: 预增 → 实增."""
    return Leg(Step.POST_IN, None, quantity, counter, reserve_id)


def void_in(reserve_id: UUID, quantity: Quantity | None = None, counter: str = "customs") -> Leg:
    """Expect a part, or the rest, no longer."""
    return Leg(Step.VOID_IN, None, quantity, counter, reserve_id)


def direct_in(account_id: UUID, quantity: Quantity, counter: str) -> Leg:
    """Take goods in without a reservation: 实增."""
    return Leg(Step.DIRECT_IN, account_id, quantity, counter)


def reserve_out(account_id: UUID, quantity: Quantity, counter: str = "customs") -> Leg:
    """Hold free goods for a document or an order: 预减."""
    return Leg(Step.RESERVE_OUT, account_id, quantity, counter, new_id())


def post_out(reserve_id: UUID, quantity: Quantity, counter: str = "customs") -> Leg:
    """Let a part of what was held go: 预减 → 实减."""
    return Leg(Step.POST_OUT, None, quantity, counter, reserve_id)


def void_out(reserve_id: UUID, quantity: Quantity | None = None, counter: str = "customs") -> Leg:
    """Hold a part, or the rest, no longer: it is free again."""
    return Leg(Step.VOID_OUT, None, quantity, counter, reserve_id)


def direct_out(account_id: UUID, quantity: Quantity, counter: str) -> Leg:
    """Let free goods go without a reservation: 实减."""
    return Leg(Step.DIRECT_OUT, account_id, quantity, counter)


def move(
    source: UUID, target: UUID, quantity: Quantity, reserve_id: UUID | None = None
) -> tuple[Leg, Leg]:
    """Move goods between accounts, out of a reservation at the source if one is named."""
    out = (
        direct_out(source, quantity, str(target))
        if reserve_id is None
        else post_out(reserve_id, quantity, str(target))
    )
    return out, direct_in(target, quantity, str(source))


def post(tx: Tx, posting: Posting) -> Posted:
    """Post a document: all legs or none, in one round trip.

    Raises Short (`ledger.short`, `ledger.exhausted`) naming every account or reservation that falls
    short, and leaves the transaction usable; Conflict `ledger.key_reused` when the key stands for
    other content; Unknown `ledger.account_unknown` for an account or reservation that is not here;
    Invalid `ledger.posting_malformed`.
    """
    rules.check(posting)
    tx.session.flush()
    posting_id = new_id()
    body = rules.sealed_body(
        posting,
        site_id=tx.site_id,
        posting_id=posting_id,
        actor_id=tx.actor.actor_id,
        recorded_at=tx.now,
    )
    effects = [RULES[RULE_VERSION][leg.step] for leg in posting.legs]
    answer = tx.session.execute(
        _CALL,
        {
            "site_id": tx.site_id,
            "posting_id": posting_id,
            "key": posting.key,
            "request_hash": digest(_content(posting)),
            "rule_version": RULE_VERSION,
            "document_kind": posting.document.kind,
            "document_no": posting.document.number,
            "document_line": posting.document.line,
            "effective_at": posting.effective_at,
            "recorded_at": tx.now,
            "actor_id": tx.actor.actor_id,
            "reason": posting.reason,
            "body": to_json(body),
            "accounts": [leg.account_id for leg in posting.legs],
            "reserves": [leg.reserve_id for leg in posting.legs],
            "opens": [leg.step in (Step.RESERVE_IN, Step.RESERVE_OUT) for leg in posting.legs],
            "quantities": [leg.quantity and leg.quantity.steps for leg in posting.legs],
            "steps": [leg.step.value for leg in posting.legs],
            "counters": [leg.counter for leg in posting.legs],
            "s_in": [effect.in_ for effect in effects],
            "s_pre_in": [effect.pre_in for effect in effects],
            "s_out": [effect.out for effect in effects],
            "s_pre_out": [effect.pre_out for effect in effects],
        },
    ).all()
    return _answer(posting, answer)


def _content(posting: Posting) -> list[Any]:
    """Return what must be equal for two postings under one key to be the same.

    The ids of new reservations are made at each call and do not count.
    """
    return [
        posting.document,
        posting.reason,
        [
            (leg.step, leg.account_id, leg.quantity, leg.counter)
            if leg.step in (Step.RESERVE_IN, Step.RESERVE_OUT)
            else (leg.step, leg.account_id, leg.quantity, leg.counter, leg.reserve_id)
            for leg in posting.legs
        ],
    ]


def _answer(posting: Posting, rows: Sequence[Any]) -> Posted:
    status = rows[0].status
    if status == "posted":
        return Posted(
            rows[0].posting_id,
            tuple(
                PostedLeg(
                    row.account_id,
                    row.reserve_id,
                    Balance(
                        Quantity(row.in_after),
                        Quantity(row.pre_in_after),
                        Quantity(row.out_after),
                        Quantity(row.pre_out_after),
                        row.seq,
                    ),
                )
                for row in rows
            ),
        )
    if status == "key_reused":
        raise Conflict("ledger.key_reused", read=posting.key)
    if status == "unknown":
        raise Unknown("ledger.account_unknown", read=posting.legs[rows[0].leg - 1].counter)
    raise Short(
        f"ledger.{status}",
        tuple(
            Shortage(row.account_id, Quantity(row.in_after), Quantity(row.out_after))
            for row in rows
        ),
    )
