"""The ledger against a model in plain Python: every verdict and every balance must agree."""

from dataclasses import dataclass, field
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule
from sqlalchemy.orm import Session

from wms.db.transaction import Tx, make_engine
from wms.kernel.actor import system_actor
from wms.kernel.clock import SYSTEM_CLOCK
from wms.kernel.ids import SiteId, new_id
from wms.kernel.quantity import Quantity
from wms.ledger import balances, posting, proof
from wms.ledger.errors import Short
from wms.ledger.terms import DocumentRef, Family, Leg, Posting

SITE = SiteId(1)
AMOUNTS = st.integers(1, 1000).map(Quantity)


@dataclass
class Model:
    in_: int = 0
    pre_in: int = 0
    out: int = 0
    pre_out: int = 0
    reserves: dict[UUID, int] = field(default_factory=dict)

    @property
    def free(self) -> int:
        return self.in_ - self.out - self.pre_out


class LedgerMachine(RuleBasedStateMachine):
    """One transaction a run, rolled back at its end: the function is the same, only faster."""

    engine = None
    accounts = Bundle("accounts")
    reserves = Bundle("reserves")

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(self.engine)
        self.tx = Tx(SITE, self.session, SYSTEM_CLOCK.now(), system_actor(SITE))
        self.models: dict[UUID, Model] = {}
        self.where: dict[UUID, tuple[UUID, str]] = {}

    def teardown(self) -> None:
        self.session.rollback()
        self.session.close()

    def post(self, *legs: Leg) -> bool:
        key = str(new_id())
        try:
            posted = posting.post(
                self.tx, Posting(key, DocumentRef("model", key), legs, self.tx.now)
            )
        except Short:
            return False
        again = posting.post(self.tx, Posting(key, DocumentRef("model", key), legs, self.tx.now))
        assert again == posted
        return True

    @rule(target=accounts, opening=st.one_of(st.none(), AMOUNTS))
    def open(self, opening):
        account = new_id()
        posting.open_account(self.tx, Family.FLOOR, account)
        self.models[account] = Model()
        if opening is not None:
            assert self.post(posting.direct_in(account, opening, "opening"))
            self.models[account].in_ += opening.steps
        return account

    @rule(account=accounts, amount=AMOUNTS)
    def take_out(self, account, amount):
        model = self.models[account]
        may = model.free >= amount.steps
        assert self.post(posting.direct_out(account, amount, "loss")) is may
        if may:
            model.out += amount.steps

    @rule(target=reserves, account=accounts, amount=AMOUNTS, side=st.sampled_from(["in", "out"]))
    def reserve(self, account, amount, side):
        model = self.models[account]
        make = posting.reserve_in if side == "in" else posting.reserve_out
        leg = make(account, amount)
        may = side == "in" or model.free >= amount.steps
        assert self.post(leg) is may
        if not may:
            return multiple()
        model.reserves[leg.reserve_id] = amount.steps
        self.where[leg.reserve_id] = (account, side)
        if side == "in":
            model.pre_in += amount.steps
        else:
            model.pre_out += amount.steps
        return leg.reserve_id

    @rule(reserve=reserves, amount=AMOUNTS)
    def post_a_part(self, reserve, amount):
        account, side = self.where[reserve]
        model = self.models[account]
        make = posting.post_in if side == "in" else posting.post_out
        may = model.reserves[reserve] >= amount.steps
        assert self.post(make(reserve, amount)) is may
        if may:
            model.reserves[reserve] -= amount.steps
            if side == "in":
                model.in_ += amount.steps
                model.pre_in -= amount.steps
            else:
                model.out += amount.steps
                model.pre_out -= amount.steps

    @rule(reserve=reserves)
    def void_the_rest(self, reserve):
        account, side = self.where[reserve]
        model = self.models[account]
        rest = model.reserves[reserve]
        make = posting.void_in if side == "in" else posting.void_out
        assert self.post(make(reserve)) is (rest > 0)
        model.reserves[reserve] = 0
        if side == "in":
            model.pre_in -= rest
        else:
            model.pre_out -= rest

    @rule(source=accounts, goal=accounts, amount=AMOUNTS)
    def move(self, source, goal, amount):
        may = self.models[source].free >= amount.steps or source == goal
        assert self.post(*posting.move(source, goal, amount)) is may
        if may:
            self.models[source].out += amount.steps
            self.models[goal].in_ += amount.steps

    @rule(parts=st.lists(st.tuples(accounts, AMOUNTS), min_size=1, max_size=8))
    def a_document_that_reserves(self, parts):
        wanted: dict[UUID, int] = {}
        for account, amount in parts:
            wanted[account] = wanted.get(account, 0) + amount.steps
        may = all(self.models[account].free >= steps for account, steps in wanted.items())
        legs = tuple(posting.reserve_out(account, amount) for account, amount in parts)
        assert self.post(*legs) is may
        if may:
            for leg, (account, amount) in zip(legs, parts, strict=True):
                self.models[account].pre_out += amount.steps
                self.models[account].reserves[leg.reserve_id] = amount.steps

    @invariant()
    def balances_agree_and_the_laws_hold(self):
        held = balances.balances(self.tx, tuple(self.models))
        for account, model in self.models.items():
            balance = held[account]
            counters = (balance.in_, balance.pre_in, balance.out, balance.pre_out)
            assert tuple(c.steps for c in counters) == (
                model.in_,
                model.pre_in,
                model.out,
                model.pre_out,
            )
        assert proof.standing(self.tx) == ()


def test_the_ledger_agrees_with_its_model(database_url):
    engine = make_engine(database_url)
    LedgerMachine.engine = engine
    machine = LedgerMachine.TestCase
    machine.settings = settings(
        max_examples=60,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    machine().runTest()
    engine.dispose()
