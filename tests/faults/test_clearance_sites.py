"""Goods between sites in two databases: whatever is lost, told twice or killed, none is gone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest
from clearance_site import BOOK, CREAM, MILK, NOW, SITE, Clock, Office
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from counterparts.stack.postgres import Cluster
from wms import reactions
from wms.clearance import queries
from wms.clearance.errors import TransferMalformed, TransferUnknown, WrongState
from wms.clearance.events import SITES
from wms.clearance.models import TransferLineRow, TransferRow
from wms.clearance.service import (
    ExpectFromSite,
    FileSiteTransfer,
    SendSiteTransfer,
    TakeFromSite,
    TransferGoods,
    WithdrawSiteTransfer,
    expect_from_site,
    file_site_transfer,
    send_site_transfer,
    take_from_site,
    withdraw_site_transfer,
)
from wms.db import outbox
from wms.db.outbox import Waiting
from wms.db.payload import from_builtins
from wms.db.transaction import Doorway, Tx, make_engine
from wms.kernel.actor import system_actor
from wms.kernel.errors import Refusal, Unknown
from wms.kernel.ids import SiteId, id_from
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger import books
from wms.ledger.books import OpenBook
from wms.ledger.errors import Short
from wms.masterdata import service as masterdata
from wms.masterdata.terms import LoadDemo

OTHER = SiteId(2)
NEW_BOOK = "T6409W990002"
Q = Quantity.of


class CarrierLostError(Exception):
    """The process that carried a message is gone."""


@dataclass
class Road:
    """Two sites, each in its own database, and the carrying of what they tell each other."""

    here: Office
    there: Office

    def office_of(self, site_id: SiteId) -> Office:
        return self.here if site_id == SITE else self.there

    def file(self, *goods: tuple[str, int], to_book: str = BOOK) -> str:
        wanted = tuple(TransferGoods(sku, Q(quantity)) for sku, quantity in goods)
        command = FileSiteTransfer(SITE, BOOK, OTHER, to_book, wanted)
        return self.here.run(file_site_transfer, command).transfer_no

    def send(self, number: str) -> None:
        self.here.run(send_site_transfer, SendSiteTransfer(SITE, number))

    def take(self, number: str) -> None:
        self.there.run(take_from_site, TakeFromSite(OTHER, number))

    def carry(self, fault: str = "") -> int:
        """Carry every message that waits; with a fault, until it strikes. Returns how many.

        As the worker does, but without its keys: each step must know by itself what it has done.
        """
        carried = 0
        for database in self.here.doorway.databases:
            with Session(database.engine) as session:
                for event in outbox.claim(session, database, SITES, NOW, 10):
                    self._deliver(event, fault)
                    if fault == "not settled":
                        raise CarrierLostError
                    outbox.settle(session, event, NOW)
                    carried += 1
                session.commit()
        return carried

    def _deliver(self, event: Waiting, fault: str) -> None:
        kind = reactions.events()[event.kind]
        for reaction in reactions.COMMANDS[kind]:
            handler, command = reaction(from_builtins(event.payload, kind))
            doing = killed(handler) if fault == "receiver killed" else handler
            self.office_of(command.site_id).run(doing, command)

    def state(self, number: str) -> tuple[str, str]:
        """Return where a transfer stands at either site."""
        found = []
        for office_ in (self.here, self.there):
            try:
                found.append(office_.ask(queries.transfer, number).state)
            except TransferUnknown:
                found.append("")
        return found[0], found[1]

    def balances(self) -> None:
        """Check that no piece is gone or doubled, at this cut between two databases.

        What stands in the account of what is on the way is neither here nor there, but for what the
        other site has taken and this one has not heard of yet.
        """
        held = sum((stock(one) for one in (self.here, self.there)), ZERO)
        transit = sum((one.stock for one in self.here.ask(queries.transit)), ZERO)
        sent, taken = sent_from(self.here), taken_at(self.there)
        assert transit == sum(sent.values(), ZERO)
        unheard = sum((sent[one] for one in sent.keys() & taken), ZERO)
        assert held + transit - unheard == Q(15)


def killed(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Return a handler whose connection dies when its work is done and not yet committed."""

    def dying(tx: Tx, command: Any) -> Any:
        handler(tx, command)
        tx.session.flush()
        tx.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    return dying


def stock(found: Office) -> Quantity:
    held = [
        one.stock
        for book in found.ask(books.books)
        for _, one in found.ask(books.lines, book.book_no)
    ]
    return sum(held, ZERO)


def sent_from(found: Office) -> dict[Any, Quantity]:
    """Return what is sent and not answered, by transfer."""
    with found.reading() as tx:
        rows = tx.session.execute(
            select(TransferLineRow.transfer_id, TransferLineRow.quantity)
            .join(TransferRow, TransferRow.transfer_id == TransferLineRow.transfer_id)
            .where(TransferRow.state == "sent")
        ).all()
    sums: dict[Any, Quantity] = {}
    for transfer_id, quantity in rows:
        sums[transfer_id] = sums.get(transfer_id, ZERO) + quantity
    return sums


def taken_at(found: Office) -> set[Any]:
    with found.reading() as tx:
        return set(
            tx.session.scalars(select(TransferRow.transfer_id).where(TransferRow.state == "done"))
        )


@pytest.fixture(scope="module")
def other_site(postgres_cluster: Cluster) -> str:
    """The name of a database with another demo site in it, for each test to copy."""
    postgres_cluster.copy_database("site_2", "migrated")
    engine = make_engine(postgres_cluster.url("site_2"))
    doorway, loader = Doorway(engine, Clock()), system_actor(OTHER)
    doorway.run(masterdata.load_demo, LoadDemo(OTHER, "tcp://127.0.0.1:7499"), loader)
    second = OpenBook(OTHER, NEW_BOOK, "Z", "non_cumulative", NOW)
    doorway.run(books.open_book, second, loader)
    engine.dispose()
    return "site_2"


@pytest.fixture
def road(postgres_cluster: Cluster, demo_url: str, other_site: str) -> Iterator[Road]:
    """Two sites in two databases, and fifteen pieces at the first."""
    postgres_cluster.copy_database("road_2", other_site)
    other_url = postgres_cluster.url("road_2")
    home, elsewhere, clock = make_engine(demo_url), make_engine(other_url), Clock()
    doorway = Doorway(home, clock, {OTHER: elsewhere})
    here = Office(doorway, system_actor(SITE), clock, demo_url)
    there = Office(doorway, system_actor(OTHER), clock, other_url)
    here.bring_in((MILK, 10), (CREAM, 5))
    yield Road(here, there)
    for engine in (home, elsewhere):
        engine.dispose()
    with postgres_cluster.admin() as admin:
        admin.execute("DROP DATABASE road_2 WITH (FORCE)")


def test_goods_go_from_one_database_to_the_other_in_two_steps(road: Road) -> None:
    number = road.file((MILK, 4), (CREAM, 1))
    assert road.here.balance(MILK).free == Q(6)
    road.balances()
    road.send(number)
    assert [one.stock for one in road.here.ask(queries.transit)] == [Q(5)]
    road.balances()
    assert road.carry() == 1
    line = road.there.ask(books.lines, BOOK, 0, 1)[0][1]
    assert (line.pre_in, line.stock) == (Q(4), ZERO)
    assert road.state(number) == ("sent", "expected")
    road.balances()
    road.take(number)
    road.balances()
    assert road.state(number) == ("sent", "done")
    assert road.carry() == 1
    assert road.state(number) == ("done", "done")
    assert [one.stock for one in road.here.ask(queries.transit)] == [ZERO]
    assert road.there.ask(queries.transfer, number).from_book == BOOK
    road.balances()
    assert road.here.stands()
    assert road.there.stands()


def test_a_receiver_killed_before_its_commit_has_done_nothing_and_does_it_later(road: Road) -> None:
    number = road.file((MILK, 4))
    road.send(number)
    with pytest.raises(DBAPIError):
        road.carry("receiver killed")
    assert road.state(number) == ("sent", "")
    road.balances()
    road.carry()
    road.take(number)
    with pytest.raises(DBAPIError):
        road.carry("receiver killed")  # the sender, hearing the answer
    assert road.state(number) == ("sent", "done")
    road.balances()
    road.carry()
    assert road.state(number) == ("done", "done")
    road.balances()


def test_a_message_carried_twice_is_done_once(road: Road) -> None:
    number = road.file((MILK, 4))
    road.send(number)
    with pytest.raises(CarrierLostError):
        road.carry("not settled")
    road.carry()
    road.send(number)  # told again by a person
    road.carry()
    assert road.state(number) == ("sent", "expected")
    road.balances()
    road.take(number)
    road.take(number)
    with pytest.raises(CarrierLostError):
        road.carry("not settled")
    assert road.carry() == 2
    assert road.state(number) == ("done", "done")
    with pytest.raises(WrongState):
        road.send(number)
    road.balances()


def test_an_answer_that_never_came_is_given_again_when_the_message_is(road: Road) -> None:
    number = road.file((MILK, 4))
    road.send(number)
    road.carry()
    road.take(number)
    forget(road.there)
    assert road.carry() == 0
    road.send(number)
    assert road.carry() == 2
    assert road.state(number) == ("done", "done")
    road.balances()


def forget(found: Office) -> None:
    """Lose what a site was about to tell, as a database restored from a backup does."""
    with Session(found.doorway.engine_for(OTHER)) as session:
        session.execute(text("DELETE FROM outbox WHERE channel = 'sites'"))
        session.commit()


def test_goods_the_other_site_will_not_take_come_back_to_their_lines(road: Road) -> None:
    number = road.file((MILK, 4), to_book="T0000W000000")
    road.send(number)
    assert road.carry() == 2  # there and, refused, back
    assert road.state(number) == ("refused", "refused")
    assert "ledger.book_unknown" in road.here.ask(queries.transfer, number).refusal
    assert road.here.balance(MILK).free == Q(10)
    assert [one.stock for one in road.here.ask(queries.transit)] == [ZERO]
    road.balances()


def test_a_non_cumulative_book_there_gets_a_line_of_its_own(road: Road) -> None:
    for quantity in (4, 2):
        number = road.file((MILK, quantity), to_book=NEW_BOOK)
        road.send(number)
        road.carry()
        road.take(number)
        road.carry()
    lines = road.there.ask(books.lines, NEW_BOOK)
    assert [(line.line_no, had.stock) for line, had in lines] == [(1, Q(4)), (2, Q(2))]
    assert [line.to_line for line in road.there.ask(queries.transfer, number).lines] == [2]
    road.balances()


def test_what_has_not_left_can_be_kept_and_what_has_cannot(road: Road) -> None:
    number = road.file((MILK, 4))
    road.here.run(withdraw_site_transfer, WithdrawSiteTransfer(SITE, number))
    assert road.here.balance(MILK).free == Q(10)
    with pytest.raises(WrongState):
        road.send(number)
    left = road.file((MILK, 4))
    road.send(left)
    with pytest.raises(WrongState):
        road.here.run(withdraw_site_transfer, WithdrawSiteTransfer(SITE, left))
    with pytest.raises(WrongState):
        road.here.run(take_from_site, TakeFromSite(SITE, left))
    road.balances()


def test_what_cannot_be_sent_and_answers_nobody_asked_for(road: Road) -> None:
    with pytest.raises(Short):
        road.file((MILK, 11))
    command = FileSiteTransfer(SITE, BOOK, SITE, BOOK, (TransferGoods(MILK, Q(1)),))
    with pytest.raises(TransferMalformed):
        road.here.run(file_site_transfer, command)
    stray = ExpectFromSite(OTHER, SITE, id_from("stray"), "BT1", BOOK, BOOK, (), NOW)
    road.there.run(expect_from_site, stray)
    road.there.run(take_from_site, TakeFromSite(OTHER, "BT1"))
    with pytest.raises(Unknown, match=r"clearance\.transfer_unknown"):
        road.carry()  # a sender restored to a time before it sent


STEPS = (
    "file",
    "send",
    "send again",
    "take",
    "carry",
    "not settled",
    "receiver killed",
    "withdraw",
)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=5, max_size=10))
def test_no_order_of_steps_and_faults_loses_a_piece(road: Road, steps: list[str]) -> None:
    numbers: list[str] = []
    for step in steps:
        with whatever_comes():
            one_step(road, numbers, step)
        road.balances()
    for _ in range(4):
        road.carry()
        for number in numbers:
            with whatever_comes():
                road.take(number)
    for number in numbers:
        here, there = road.state(number)
        assert (here, there) in {("filed", ""), ("refused", ""), ("done", "done")}
    assert sum((one.stock for one in road.here.ask(queries.transit)), ZERO) == ZERO
    assert road.here.stands()
    assert road.there.stands()
    for number in numbers:  # leave the goods of what was never sent for the next example
        if road.state(number)[0] == "filed":
            road.here.run(withdraw_site_transfer, WithdrawSiteTransfer(SITE, number))
    road.balances()


def one_step(road: Road, numbers: list[str], step: str) -> None:
    newest = numbers[-1] if numbers else "BT0"
    match step:
        case "file":
            numbers.append(road.file((MILK, 1)))
        case "send" | "send again":
            road.send(newest)
        case "take":
            road.take(newest)
        case "withdraw":
            road.here.run(withdraw_site_transfer, WithdrawSiteTransfer(SITE, newest))
        case "carry":
            road.carry()
        case _:
            road.carry(step)


@contextmanager
def whatever_comes() -> Iterator[None]:
    """Bear a refusal, and the faults that the test asks for."""
    with suppress(Refusal, CarrierLostError, DBAPIError):
        yield
