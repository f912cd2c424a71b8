"""The demo site's gate for tests: approved sheets, vehicles seen, and what was told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from clearance_site import Office, office, verdict

from wms.clearance.service import FileChecklist, file_checklist
from wms.customs.codecs import SheetReceipt
from wms.db.models import OutboxRow
from wms.gate import queries
from wms.gate.queries import CrossingView
from wms.gate.service import (
    ApplySheetReceipt,
    FileSheet,
    PassageReported,
    VehicleSeen,
    apply_sheet_receipt,
    file_sheet,
    passage_reported,
    vehicle_seen,
)
from wms.gate.terms import Direction, PassageResult, Reading
from wms.kernel.ids import SiteId
from wms.kernel.quantity import ZERO, Quantity

SITE = SiteId(1)
OUT_LANE, IN_LANE = "HAKL02OU01", "HAKL01IN01"
PLATE, CARD, SEAL = "琼A9Q001", "C100000001", "CN99DM000001"
TOTAL = "4380"


@dataclass(frozen=True)
class Seen:
    """What the readers of a lane say of a vehicle; None: that reader says nothing."""

    plate: str | None = PLATE
    container: str | None = ""
    card: str | None = CARD
    kg: str | None = TOTAL
    seal: str | None = ""
    sure: bool = True
    fresh: bool = True


@dataclass(frozen=True)
class Gate(Office):
    """The gate of the demo site behind one doorway."""

    def approved(self, **changes: Any) -> str:
        """Return the number of a sheet that customs approved: an empty vehicle, unless changed."""
        sheet_no = self.filed(**changes)
        self.receive(sheet_no, "SAS221", "1")
        return sheet_no

    def filed(self, **changes: Any) -> str:
        sheet = FileSheet(
            SITE,
            "6",
            Direction.OUT,
            PLATE,
            Quantity.of(TOTAL),
            ZERO,
            ZERO,
            "示例申请人 13900000000",
            card=CARD,
        )
        return self.run(file_sheet, replace(sheet, **changes)).sheet_no

    def receive(self, sheet_no: str, kind: str, result: str) -> Any:
        passport = f"Z6409E261122{int(sheet_no[-9:]):012d}"
        receipt = SheetReceipt(
            kind=kind, result=result, etps_preent_no=sheet_no, passport_no=passport
        )
        return self.run(apply_sheet_receipt, ApplySheetReceipt(SITE, receipt))

    def drive(self, passage: str, seen: Seen = Seen(), lane: str = OUT_LANE) -> CrossingView:
        """Let a vehicle stand in a lane and be read; return its crossing."""
        direction = Direction.IN if "IN" in lane else Direction.OUT
        self.see(lane, passage, direction=direction)
        if seen.plate is not None:
            self.see(
                lane,
                passage,
                reading=Reading.PLATE,
                text=seen.plate,
                sure=seen.sure,
                fresh=seen.fresh,
            )
        for reading, text in (
            (Reading.CONTAINER, seen.container),
            (Reading.CARD, seen.card),
            (Reading.SEAL, seen.seal),
        ):
            if text is not None:
                self.see(lane, passage, reading=reading, text=text)
        if seen.kg is not None:
            kg = Quantity.of(Decimal(seen.kg))
            self.see(lane, passage, reading=Reading.WEIGHT, weight_kg=kg)
        return self.crossing(passage)

    def see(self, lane: str, passage: str, **read: Any) -> Any:
        seen = VehicleSeen(SITE, lane, passage, "test", self.clock.now(), **read)
        return self.run(vehicle_seen, seen)

    def through(
        self, passage: str, lane: str = OUT_LANE, result: PassageResult = PassageResult.PASSED
    ) -> Any:
        """Let the lane report how the passage ended."""
        said = PassageReported(SITE, lane, passage, result, self.clock.now())
        return self.run(passage_reported, said)

    def crossing(self, passage: str) -> CrossingView:
        with self.reading() as tx:
            return next(one for one in queries.crossings(tx) if one.passage == passage)

    def told_devices(self) -> list[OutboxRow]:
        """Return what waits for devices, in order."""
        with self.reading() as tx:
            rows = tx.session.query(OutboxRow).filter(OutboxRow.channel == "devices")
            return list(rows.order_by(OutboxRow.announced_at, OutboxRow.event_id))

    def released_load(self, number: int, sku: str, pieces: int) -> tuple[str, str]:
        """Return (copNo, checklist number) of one parcel's list, released and gathered."""
        cop_no = self.declared(number, (sku, pieces))
        self.told(cop_no, "800")
        filed = self.run(file_checklist, FileChecklist(SITE, "8", lists=(cop_no,)))
        self.hear(verdict(filed.inner_no))
        return cop_no, filed.inner_no


@contextmanager
def gate_site(url: str) -> Iterator[Gate]:
    """Give the gate of a demo site on which nothing was done (`demo_url`)."""
    with office(url) as found:
        yield Gate(found.doorway, found.actor, found.clock, found.url)
