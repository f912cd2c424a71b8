"""Whatever hands do in whatever order: nothing is lost, nothing negative, no unit in itself.

A machine of hypothesis receives, moves, packs, takes, promises, picks, holds, adjusts and lets go
through the services, beside a plain count of what came in and what went out.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import ClassVar

import pytest
from floor import CREAM, MILK, NOW, SITE, Floor, adjusted, demo_floor, q
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from wms.kernel.errors import Refusal
from wms.ledger import proof
from wms.ledger.terms import DocumentRef
from wms.stock import queries, service
from wms.stock.terms import (
    Adjust,
    Content,
    Depart,
    HoldUnit,
    MoveUnit,
    OpenUnit,
    ReleaseAllocations,
    Take,
    UnitKind,
)

SKUS = st.sampled_from((MILK, CREAM))
PIECES = st.integers(1, 12)
PLACES = st.sampled_from(("BK-A-01-1", "BK-A-01-2", "PF-E-01-1", "DK-01", "SG-01"))
ANY = st.integers(0, 99)
KINDS = st.sampled_from((UnitKind.BOX, UnitKind.PARCEL, UnitKind.PALLET, UnitKind.LOAD))


class Hands(RuleBasedStateMachine):
    """Plays on one floor; each run goes on where the last one stopped."""

    floor: ClassVar[Floor]
    numbers: ClassVar[Iterator[str]]
    balance: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.units: list[str] = []
        self.promises: list[tuple[str, object]] = []

    def one(self, pick: int) -> str:
        return self.units[pick % len(self.units)] if self.units else "NONE"

    def does(self, work: object, *args: object) -> object:
        """Run a command; a refusal is an answer and must have changed nothing."""
        try:
            return self.floor.run(work, *args)
        except Refusal:
            return None

    @rule(sku=SKUS, pieces=PIECES, place=PLACES)
    def receive(self, sku: str, pieces: int, place: str) -> None:
        number = next(self.numbers)
        self.floor.pallet(number, pieces, sku=sku, place=place)
        self.balance[sku] += pieces
        self.units.append(number)

    @rule(kind=KINDS)
    def open(self, kind: UnitKind) -> None:
        number = next(self.numbers)
        self.floor.run(service.open_unit, OpenUnit(SITE, number, kind, NOW, to_place="SG-01"))
        self.units.append(number)

    @rule(which=ANY, place=PLACES)
    def move(self, which: int, place: str) -> None:
        command = MoveUnit(SITE, self.one(which), NOW, to_place=place, confirmed=True)
        self.does(service.move_unit, command)

    @rule(which=ANY, into=ANY)
    def pack(self, which: int, into: int) -> None:
        command = MoveUnit(SITE, self.one(which), NOW, to_unit=self.one(into))
        self.does(service.move_unit, command)

    @rule(which=ANY, into=ANY, sku=SKUS, pieces=PIECES)
    def take(self, which: int, into: int, sku: str, pieces: int) -> None:
        source, target = self.one(which), self.one(into)
        if source != target:
            self.does(service.take, Take(SITE, source, target, sku, "L1", q(pieces), NOW))

    @rule(sku=SKUS, pieces=PIECES)
    def promise(self, sku: str, pieces: int) -> None:
        order = next(self.numbers)
        try:
            made = self.floor.allocate(order, pieces, sku)
        except Refusal:
            return
        self.promises.extend((order, allocation.allocation_id) for allocation in made)

    @rule(which=ANY, into=ANY, pieces=PIECES)
    def pick(self, which: int, into: int, pieces: int) -> None:
        if self.promises:
            _, allocation = self.promises[which % len(self.promises)]
            try:
                self.floor.pick(allocation, self.one(into), pieces)
            except Refusal:
                return

    @rule(which=ANY)
    def release(self, which: int) -> None:
        if self.promises:
            order, _ = self.promises[which % len(self.promises)]
            paper = DocumentRef("order", order)
            self.does(service.release_allocations, ReleaseAllocations(SITE, paper))

    @rule(which=ANY, held=st.booleans())
    def hold(self, which: int, held: bool) -> None:
        command = HoldUnit(SITE, self.one(which), "looked at", NOW, held=held)
        self.does(service.hold_unit, command)

    @rule(which=ANY, sku=SKUS, pieces=st.integers(-12, 12))
    def adjust(self, which: int, sku: str, pieces: int) -> None:
        content = Content(sku, "L1", date(2028, 1, 1), q(pieces))
        paper = DocumentRef("count", "C1")
        command = Adjust(SITE, self.one(which), content, paper, "counted", NOW)
        try:
            done = adjusted(self.floor.doorway, self.floor.actor, command)
        except Refusal:
            return
        self.balance[sku] += int(str(done))

    @rule(which=ANY)
    def depart(self, which: int) -> None:
        paper = DocumentRef("sheet", "P1")
        gone = self.does(service.depart, Depart(SITE, (self.one(which),), paper, NOW))
        if gone is not None:
            self.balance.subtract({sku: int(str(pieces)) for sku, pieces in gone.pieces})

    @invariant()
    def floor_is_in_minus_out(self) -> None:
        found = {row.sku: int(str(row.total)) for row in self.floor.ask(queries.on_hand_by_goods)}
        assert found == {sku: pieces for sku, pieces in self.balance.items() if pieces}

    @invariant()
    def no_unit_stands_in_itself(self) -> None:
        for number in self.units:
            assert number not in self.floor.ask(queries.unit, number).inside

    def teardown(self) -> None:
        assert self.floor.ask(proof.standing) == ()


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_any_order_of_work_keeps_the_laws(demo_url: str) -> None:
    with demo_floor(demo_url) as floor:
        Hands.floor, Hands.balance = floor, Counter()
        Hands.numbers = iter(f"U{n:05d}" for n in range(1, 99_999))
        run_state_machine_as_test(
            Hands,
            settings=settings(
                max_examples=8,
                stateful_step_count=25,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
