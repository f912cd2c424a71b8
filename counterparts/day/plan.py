"""What a day shall be: a pure function of orders, trucks and seed, trouble included."""

import random
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from counterparts.day.table import Article, Vehicle, articles, vehicles

FEWEST_ORDERS = 20
FEWEST_TRUCKS = 2
MOST_TRUCKS = 16
MOST_PARCELS_A_TRUCK = 1400
PARCELS_A_PALLET = 60
PALLET_KG = Decimal(18)
LIMIT = Decimal(5000)
DEAR = Decimal(400)
ENOUGH = 3
"""Pieces that come of the article the book is short of."""
DAMAGED = 2
RESERVES = 4
"""Articles that come and are not ordered on the day."""
MISTAKEN = 3
"""Pieces that a correction of the book moves by mistake, until it is taken back."""
MISSING = 1
"""Pieces that a count does not find."""
TAX = Decimal("0.091")
"""70 % of 13 % value-added tax; what a platform charges is not what this day is about."""


class Trouble(StrEnum):
    """What goes wrong with an order, on purpose."""

    NONE = "none"
    OVER_LIMIT = "over_limit"
    IDENTITY = "identity"
    PAYMENT = "payment"
    SHORT = "short"
    REJECTED = "rejected"
    INSPECTED = "inspected"
    HELD = "held"
    TWICE = "twice"
    DISORDER = "disorder"


NEVER_DECLARED = frozenset({Trouble.OVER_LIMIT, Trouble.IDENTITY})
SCRIPT = {
    Trouble.REJECTED: ("reject",),
    Trouble.INSPECTED: ("inspect",),
    Trouble.HELD: ("hold",),
    Trouble.TWICE: ("duplicate",),
    Trouble.DISORDER: ("disorder", "duplicate"),
}
"""What customs is told to do to the list of an order in trouble."""


@dataclass(frozen=True, slots=True)
class Line:
    """So many pieces of one article."""

    sku: str
    quantity: int

    @property
    def article(self) -> Article:
        return articles()[self.sku]

    @property
    def value(self) -> Decimal:
        return self.article.price * self.quantity


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody invented who orders; the identity number is valid unless the plan breaks it."""

    name: str
    identity: str
    phone: str
    address: str
    district: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order with all that its three documents say, but for their numbers."""

    number: int
    merchant: str
    buyer: Buyer
    lines: tuple[Line, ...]
    freight: Decimal
    trouble: Trouble = Trouble.NONE

    @property
    def goods_value(self) -> Decimal:
        return sum((line.value for line in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return (self.goods_value * TAX).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def paid(self) -> Decimal:
        return self.goods_value + self.freight + self.tax

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def gross_kg(self) -> Decimal:
        parts = (line.article.gross_kg * line.quantity for line in self.lines)
        return sum(parts, Decimal("0.15"))


@dataclass(frozen=True, slots=True)
class Pallet:
    """A pallet as announced, as it came, and how many of what came are damaged."""

    number: int
    sku: str
    announced: int
    came: int
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class TruckIn:
    """A truck that brings pallets; `wrong_plate` and `tampered` befall it on the way."""

    number: int
    vehicle: Vehicle
    pallets: tuple[Pallet, ...]
    wrong_plate: bool = False
    tampered: bool = False

    @property
    def goods(self) -> dict[str, int]:
        """Return what its checklist declares, by SKU."""
        return {one.sku: one.announced for one in self.pallets}

    @property
    def amended(self) -> bool:
        return any(one.came != one.announced for one in self.pallets)

    @property
    def net_kg(self) -> Decimal:
        kg = (articles()[one.sku].net_kg * one.announced for one in self.pallets)
        return sum(kg, Decimal(0))

    @property
    def gross_kg(self) -> Decimal:
        kg = (articles()[one.sku].gross_kg * one.announced + PALLET_KG for one in self.pallets)
        return sum(kg, Decimal(0))


@dataclass(frozen=True, slots=True)
class TruckOut:
    """A truck that takes parcels out; `overweight` befalls it at the scale."""

    number: int
    vehicle: Vehicle
    pallets: int
    overweight: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole day."""

    seed: int
    orders: tuple[Order, ...]
    trucks_in: tuple[TruckIn, ...]
    trucks_out: tuple[TruckOut, ...]
    moved: Line
    """What is transferred to the other book; nobody orders it on the day."""
    lossy: Pallet
    """The pallet on which a count misses MISSING pieces."""
    corrected: dict[int, tuple[Line, ...]] = field(default_factory=dict)
    """The lines an order is changed to when the book is short, by its number."""

    def having(self, *troubles: Trouble) -> tuple[Order, ...]:
        """Return the orders in any of these troubles."""
        return tuple(one for one in self.orders if one.trouble in troubles)

    def final_lines(self, order: Order) -> tuple[Line, ...]:
        """Return what an order takes in the end."""
        return self.corrected.get(order.number, order.lines)

    @property
    def declared(self) -> tuple[Order, ...]:
        """Return the orders that are declared sooner or later."""
        return tuple(one for one in self.orders if one.trouble not in NEVER_DECLARED)

    @property
    def pallets_in(self) -> tuple[Pallet, ...]:
        """Return every pallet that comes in."""
        return tuple(pallet for truck in self.trucks_in for pallet in truck.pallets)

    @property
    def taken(self) -> dict[str, int]:
        """Return how many pieces of each article leave on this day."""
        taken: dict[str, int] = {}
        for order in self.leaving:
            for line in self.final_lines(order):
                taken[line.sku] = taken.get(line.sku, 0) + line.quantity
        return taken

    @property
    def leaving(self) -> tuple[Order, ...]:
        """Return the orders whose parcels leave on this day."""
        return tuple(one for one in self.declared if one.trouble is not Trouble.HELD)


class PlanError(ValueError):
    """A day that cannot be planned; the message says what would do."""


def plan(orders: int, trucks: int, seed: int) -> Plan:
    """Return the day of a seed, always the same; raise PlanError where there can be none."""
    outward = trucks - trucks // 2
    if orders < FEWEST_ORDERS:
        raise PlanError(f"a day with all its trouble takes at least {FEWEST_ORDERS} orders")
    if not FEWEST_TRUCKS <= trucks <= MOST_TRUCKS:
        raise PlanError(f"a day takes {FEWEST_TRUCKS} to {MOST_TRUCKS} trucks")
    if orders > outward * MOST_PARCELS_A_TRUCK:
        raise PlanError(f"a truck takes {MOST_PARCELS_A_TRUCK} parcels: more trucks, please")
    draw = random.Random(seed)
    shelf = _assortment(draw, min(24, 8 + orders // 20))
    placed = _orders(draw, orders, shelf)
    less: tuple[Line, ...] = (Line(shelf.scarce, ENOUGH),)
    corrected = {one.number: less for one in placed if one.trouble is Trouble.SHORT}
    inward = _trucks_in(trucks // 2, _supply(draw, placed, shelf), shelf)
    parcels = sum(one.trouble not in NEVER_DECLARED | {Trouble.HELD} for one in placed)
    pallets = max(1, -(-parcels // outward // PARCELS_A_PALLET))
    out = tuple(
        TruckOut(number, vehicles()[number], pallets, overweight=number == 0)
        for number in range(outward)
    )
    moved, lossy = (_pallet_of(inward, article) for article in shelf.reserves[:2])
    return Plan(seed, placed, inward, out, Line(moved.sku, moved.came // 2), lossy, corrected)


def _pallet_of(trucks: tuple[TruckIn, ...], article: Article) -> Pallet:
    return next(one for truck in trucks for one in truck.pallets if one.sku == article.sku)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The articles of the day: ordered ones, and those that only one trouble is about.

    What nobody orders on a day stays: reserves, damaged goods, and what customs holds. It is of
    articles that no day orders, so that no day finds what another has left.
    """

    ordered: list[Article]
    scarce: str
    damaged: str
    held: Article
    reserves: list[Article]


def _assortment(draw: random.Random, count: int) -> _Shelf:
    cheap = [one for one in articles().values() if one.price < DEAR]
    staying = cheap[::3]
    leaving = [one for one in cheap if one not in staying]
    damaged, held, *reserves = draw.sample(staying, 2 + RESERVES)
    scarce, *ordered = draw.sample(leaving, 1 + count)
    return _Shelf(ordered, scarce.sku, damaged.sku, held, reserves)


def _orders(draw: random.Random, count: int, shelf: _Shelf) -> tuple[Order, ...]:
    troubles = [one for one in Trouble if one is not Trouble.NONE]
    troubled = dict(zip(draw.sample(range(1, count + 1), len(troubles)), troubles, strict=True))
    return tuple(
        _order(draw, number, troubled.get(number, Trouble.NONE), shelf)
        for number in range(1, count + 1)
    )


def _order(draw: random.Random, number: int, trouble: Trouble, shelf: _Shelf) -> Order:
    first = draw.choice(shelf.ordered)
    beside = [one for one in shelf.ordered if one.merchant == first.merchant and one is not first]
    more = draw.sample(beside, min(len(beside), draw.choice((0, 0, 0, 1, 1, 2))))
    lines = tuple(Line(one.sku, draw.choice((1, 1, 1, 2))) for one in (first, *more))
    if trouble is Trouble.OVER_LIMIT:
        lines = (Line(first.sku, int(LIMIT / first.price) + 1),)
    if trouble is Trouble.SHORT:
        lines = (Line(shelf.scarce, ENOUGH + 2),)
    if trouble is Trouble.HELD:
        lines = (Line(shelf.held.sku, 2),)
    buyer = _buyer(draw, number, broken=trouble is Trouble.IDENTITY)
    merchant = lines[0].article.merchant
    return Order(number, merchant, buyer, lines, Decimal(draw.choice((0, 0, 10))), trouble)


_SURNAMES = "欧柏褚尹阮岑祁闵翟聂"
_GIVEN = ("栩陌", "汀川", "芷舟", "砚青", "苓野", "澄宁", "沐禾", "霁月")
_TOWNS = (
    ("广东省广州市天河区", "440106"),
    ("安徽省合肥市蜀山区", "340104"),
    ("福建省厦门市思明区", "350203"),
    ("浙江省杭州市西湖区", "330106"),
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _buyer(draw: random.Random, number: int, *, broken: bool) -> Buyer:
    born = f"{draw.randint(1970, 2003)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}"
    body = f"469999{born}{draw.randint(1, 999):03d}"  # 469999 is assigned to no place
    check = identity_check(body)
    if broken:
        check = "0" if check != "0" else "1"
    town, district = draw.choice(_TOWNS)
    name = draw.choice(_SURNAMES) + draw.choice(_GIVEN)
    address = f"{town}虚设路{9000 + number}号"
    return Buyer(name, body + check, f"139000{number % 100000:05d}", address, district)


def identity_check(body: str) -> str:
    """Return the last character of an identity number of 17 digits (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def _supply(draw: random.Random, orders: tuple[Order, ...], shelf: _Shelf) -> dict[str, int]:
    """Return what must come: exactly what orders take, the most wanted first, and the reserves."""
    supply: dict[str, int] = {}
    for order in orders:
        if order.trouble not in NEVER_DECLARED | {Trouble.SHORT}:
            for line in order.lines:
                supply[line.sku] = supply.get(line.sku, 0) + line.quantity
    wanted = sorted(supply.items(), key=lambda one: (-one[1], one[0]))
    reserves = {one.sku: draw.randint(24, 96) for one in shelf.reserves}
    return {**dict(wanted), **reserves, shelf.scarce: ENOUGH}


def _trucks_in(count: int, supply: dict[str, int], shelf: _Shelf) -> tuple[TruckIn, ...]:
    """Spread one pallet an article over the trucks; the first brings all that is wrong with goods.

    Whatever is wrong, as many good pieces come as the supply says. No article comes on two pallets,
    so that what is picked does not depend on who is served first.
    """
    (short, pieces), (over, more), *others = supply.items()
    wrong = [
        Pallet(1, short, pieces + 2, pieces),
        Pallet(2, over, more - 1, more),
        Pallet(3, shelf.damaged, DAMAGED * 3, DAMAGED * 3, damaged=DAMAGED),
    ]
    loads: list[list[Pallet]] = [wrong, *([] for _ in range(count - 1))]
    for number, (sku, quantity) in enumerate(others, start=1):
        loads[number % count].append(Pallet(number + 3, sku, quantity, quantity))
    known = vehicles()
    return tuple(
        TruckIn(
            number,
            known[len(known) - 1 - number],
            tuple(load),
            wrong_plate=number == 0,
            tampered=number == count - 1,
        )
        for number, load in enumerate(loads)
    )
