"""The ledger against a model in plain Python: every verdict and every balance must agree."""

from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from wms.db.transaction import Tx, make_engine
from wms.kernel.actor import system_actor
from wms.kernel.clock import SYSTEM_CLOCK
from wms.kernel.errors import Invalid
from wms.kernel.ids import SiteId, new_id
from wms.kernel.quantity import Quantity
from wms.ledger import approvals, balances, posting, proof
from wms.ledger.approvals import Verdict
from wms.ledger.errors import NotPosted, Short
from wms.ledger.terms import DocumentRef, Family, Leg, Posting, Step

SITE = SiteId(1)
AMOUNTS = st.integers(1, 1000).map(Quantity)


@dataclass
class Model:
    """The four counters of one account, and which family it is of."""

    family: Family
    counters: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    @property
    def free(self) -> int:
        in_, _, out, pre_out = self.counters
        return in_ - out - pre_out


EFFECTS = {
    Step.RESERVE_IN: (0, 1, 0, 0),
    Step.POST_IN: (1, -1, 0, 0),
    Step.VOID_IN: (0, -1, 0, 0),
    Step.DIRECT_IN: (1, 0, 0, 0),
    Step.RESERVE_OUT: (0, 0, 0, 1),
    Step.POST_OUT: (0, 0, 1, -1),
    Step.VOID_OUT: (0, 0, 0, -1),
    Step.DIRECT_OUT: (0, 0, 1, 0),
}
"""The model's own table, written from the law and not read from the code."""
OPENS = (Step.RESERVE_IN, Step.RESERVE_OUT)


class LedgerMachine(RuleBasedStateMachine):
    """One transaction a run, rolled back at its end: the function is the same, only faster."""

    engine = None
    accounts = Bundle("accounts")
    reserves = Bundle("reserves")
    postings = Bundle("postings")

    def __init__(self) -> None:
        super().__init__()
        self.connection = self.engine.connect()
        self.first = replace(system_actor(SITE), actor_id=new_id())
        self.second = replace(system_actor(SITE), actor_id=new_id())
        self.tx = Tx(SITE, self.connection, SYSTEM_CLOCK.now(), self.first)
        self.models: dict[UUID, Model] = {}
        self.where: dict[UUID, tuple[UUID, str]] = {}
        self.open_: dict[UUID, int] = {}
        self.done: dict[UUID, list[tuple[Step, UUID, UUID | None, int]]] = {}
        self.reversed: set[UUID] = set()

    def teardown(self) -> None:
        """Every entry is still there, so the laws hold now only if they held after every step."""
        try:
            assert proof.standing(self.tx) == ()
        finally:
            self.end()

    def end(self) -> None:
        self.tx.close()
        self.connection.close()

    @staticmethod
    def agree(agreed: bool, refused: NotPosted) -> None:
        assert agreed, refused

    def approval(self) -> UUID:
        asked = approvals.propose(self.tx, "model", {"what": "ever"}, "model", "because")
        approvals.decide(replace(self.tx, actor=self.second), asked.proposal_id, Verdict.APPROVED)
        return asked.proposal_id

    def resolved(self, legs: tuple[Leg, ...]) -> list[tuple[Step, UUID, UUID | None, int]]:
        found = []
        for leg in legs:
            account = leg.account_id or self.where[leg.reserve_id][0]
            steps = self.open_[leg.reserve_id] if leg.quantity is None else leg.quantity.steps
            found.append((leg.step, account, leg.reserve_id, steps))
        return found

    def may(self, legs: list[tuple[Step, UUID, UUID | None, int]], sign: int = 1) -> bool:
        """Whether the law lets these legs through, signs and open rests considered."""
        after = {account: list(self.models[account].counters) for _, account, _, _ in legs}
        for step, account, reserve, steps in legs:
            for n, times in enumerate(EFFECTS[step]):
                after[account][n] += sign * times * steps
            if step in OPENS and sign < 0 and self.open_[reserve] < steps:
                return False
            takes = reserve is not None and step not in OPENS and sign > 0
            if takes and (self.open_[reserve] < steps or not steps):
                return False
        return all(c[0] - c[2] - c[3] >= 0 for c in after.values())

    def apply(self, legs: list[tuple[Step, UUID, UUID | None, int]], sign: int = 1) -> None:
        for step, account, reserve, steps in legs:
            for n, times in enumerate(EFFECTS[step]):
                self.models[account].counters[n] += sign * times * steps
            if reserve is not None:
                change = steps if step in OPENS else -steps
                self.open_[reserve] = self.open_.get(reserve, 0) + sign * change
            if step in OPENS:
                self.where[reserve] = (account, "in" if step is Step.RESERVE_IN else "out")

    def post(self, *legs: Leg, approved: bool = False) -> UUID | None:
        """Post, compare the verdict with the model's, and let the model follow; None if refused."""
        key, resolved = str(new_id()), self.resolved(legs)
        direct_on_book = any(
            step in (Step.DIRECT_IN, Step.DIRECT_OUT) and self.models[account].family is Family.BOOK
            for step, account, _, _ in resolved
        )
        may = self.may(resolved) and (approved or not direct_on_book)
        wanted = Posting(
            key,
            DocumentRef("model", key),
            legs,
            self.tx.now,
            approval_id=self.approval() if approved else None,
        )
        try:
            posted = posting.post(self.tx, wanted)
        except NotPosted as refused:
            self.agree(not may and (direct_on_book or isinstance(refused, Short)), refused)
            return None
        assert may, "the law refuses this"
        assert posting.post(self.tx, wanted) == posted
        self.apply(resolved)
        self.done[posted.posting_id] = resolved
        return posted.posting_id

    @rule(
        target=accounts,
        opening=st.one_of(st.none(), AMOUNTS),
        family=st.sampled_from([Family.FLOOR, Family.FLOOR, Family.BOOK]),
    )
    def open(self, opening, family):
        account = new_id()
        posting.open_account(self.tx, family, account)
        self.models[account] = Model(family)
        if opening is not None:
            assert self.post(posting.direct_in(account, opening, "opening"), approved=True)
        return account

    @rule(target=postings, account=accounts, amount=AMOUNTS, approved=st.booleans())
    def take_out(self, account, amount, approved):
        done = self.post(posting.direct_out(account, amount, "loss"), approved=approved)
        return multiple() if done is None else done

    @rule(target=reserves, account=accounts, amount=AMOUNTS, side=st.sampled_from(["in", "out"]))
    def reserve(self, account, amount, side):
        leg = (posting.reserve_in if side == "in" else posting.reserve_out)(account, amount)
        return multiple() if self.post(leg) is None else leg.reserve_id

    @rule(target=postings, reserve=reserves, amount=AMOUNTS)
    def post_a_part(self, reserve, amount):
        side = self.where[reserve][1]
        done = self.post((posting.post_in if side == "in" else posting.post_out)(reserve, amount))
        return multiple() if done is None else done

    @rule(target=postings, reserve=reserves)
    def void_the_rest(self, reserve):
        side = self.where[reserve][1]
        done = self.post((posting.void_in if side == "in" else posting.void_out)(reserve))
        return multiple() if done is None else done

    @rule(target=postings, source=accounts, goal=accounts, amount=AMOUNTS, approved=st.booleans())
    def move(self, source, goal, amount, approved):
        if source == goal:
            with pytest.raises(Invalid):
                self.post(*posting.move(source, goal, amount), approved=True)
            return multiple()
        done = self.post(*posting.move(source, goal, amount), approved=approved)
        return multiple() if done is None else done

    @rule(target=postings, parts=st.lists(st.tuples(accounts, AMOUNTS), min_size=1, max_size=8))
    def a_document_that_reserves(self, parts):
        done = self.post(*(posting.reserve_out(account, amount) for account, amount in parts))
        return multiple() if done is None else done

    @rule(target=postings, undone=postings)
    def reverse(self, undone):
        legs = self.done[undone]
        may = undone not in self.reversed and self.may(legs, -1)
        try:
            posted = posting.reverse(
                self.tx,
                undone,
                document=("model", str(undone)),
                reason="model",
                approval_id=self.approval(),
            )
        except NotPosted as refused:
            self.agree(not may, refused)
            return multiple()
        if undone in self.reversed:  # the same answer again, nothing moved
            assert posted.posting_id in self.done
            return multiple()
        assert may, "the law refuses this"
        self.apply(legs, -1)
        self.reversed.add(undone)
        self.done[posted.posting_id] = legs
        self.reversed.add(posted.posting_id)  # a reversal is not reversed
        return multiple()

    @invariant()
    def balances_agree(self):
        held = balances.balances(self.tx, tuple(self.models))
        for account, model in self.models.items():
            balance = held[account]
            counters = (balance.in_, balance.pre_in, balance.out, balance.pre_out)
            assert [c.steps for c in counters] == model.counters


def test_the_ledger_agrees_with_its_model(database_url):
    engine = make_engine(database_url)
    LedgerMachine.engine = engine
    machine = LedgerMachine.TestCase
    machine.settings = settings(
        max_examples=100,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    machine().runTest()
    engine.dispose()
