"""Prints against real sockets: what is known after each of them is what the books say."""

import socket
import struct
import threading
from contextlib import contextmanager
from datetime import datetime

import pytest

from counterparts.printer.__main__ import Printer
from labels import ReleaseLabel, decode_zpl
from wms.db.transaction import Doorway, Tx, make_engine
from wms.kernel.actor import system_actor
from wms.kernel.clock import BEIJING
from wms.kernel.errors import Conflict, Invalid, Unavailable
from wms.kernel.ids import SiteId
from wms.masterdata.models import PrinterRecord
from wms.printing import queries, sending, service
from wms.printing.events import LabelWaiting
from wms.printing.terms import PrintState

SITE = SiteId(1)
ACTOR = system_actor(SITE)
LABEL = ReleaseLabel(
    parcel_no="PHAK126000001",
    waybill_no="HD964090000017",
    list_no="64092026I000000001",
    order_no="TA2610016409013",
    released_at=datetime(2026, 11, 22, 14, 32, 5, tzinfo=BEIJING),
    zone_zh="海口综合保税区",
)


@pytest.fixture
def doorway(database_url):
    engine = make_engine(database_url)
    yield Doorway(engine)
    engine.dispose()


def printer_at(doorway, port):
    def add(tx: Tx, command: service.BeginSending) -> None:
        tx.session.merge(
            PrinterRecord(
                site_id=SITE,
                code="PR-01",
                name="x",
                address=f"tcp://127.0.0.1:{port}",
                dpi=203,
                media="100x150",
            )
        )

    doorway.run(add, service.BeginSending(SITE, SITE), ACTOR)


def ask(doorway, reason=""):
    asked = service.AskPrint(SITE, LABEL, LABEL.parcel_no, "PR-01", reason)
    return doorway.run(service.ask, asked, ACTOR)


def send(doorway, job_id):
    sending.send_label(doorway, LabelWaiting(SITE, job_id))
    return look(doorway, job_id)


def look(doorway, job_id):
    with doorway.read(ACTOR) as tx:
        return queries.job(tx, job_id)


@contextmanager
def peer(behaviour):
    """Listen once and let a function have the connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept():
            connection, _ = server.accept()
            with connection:
                behaviour(connection)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)


def read_all(connection):
    job = b""
    while piece := connection.recv(65536):
        job += piece
    return job


def reset(connection):
    connection.recv(1)
    linger = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def test_a_label_is_sent_whole_and_decodes_at_the_other_end(doorway, tmp_path):
    printer = Printer(tmp_path)
    with peer(lambda connection: printer.keep(read_all(connection), "zpl")) as port:
        printer_at(doorway, port)
        asked = ask(doorway)
        assert send(doorway, asked.job_id).state is PrintState.SENT
    (job,) = tmp_path.iterdir()
    symbols = decode_zpl(job.read_bytes())
    assert any(LABEL.parcel_no in symbol for symbol in symbols)
    assert any(LABEL.waybill_no in symbol for symbol in symbols)


def test_a_printer_that_is_away_is_tried_again_and_nothing_is_lost(doorway):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    printer_at(doorway, port)
    asked = ask(doorway)
    for _ in range(2):
        with pytest.raises(Unavailable, match=r"printing\.printer_away"):
            send(doorway, asked.job_id)
        assert look(doorway, asked.job_id).state is PrintState.ASKED


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(reset, id="resets in the middle"),
        pytest.param(lambda c: threading.Event().wait(1.5), id="falls silent"),
    ],
)
def test_an_unknown_outcome_is_left_to_a_person_and_never_sent_again(
    doorway, behaviour, monkeypatch
):
    monkeypatch.setattr(sending, "ACCEPT_SECONDS", 0.5)
    with peer(behaviour) as port:
        printer_at(doorway, port)
        asked = ask(doorway)
        assert send(doorway, asked.job_id).state is PrintState.UNKNOWN
    assert send(doorway, asked.job_id).state is PrintState.UNKNOWN
    resolved = service.ResolvePrint(SITE, asked.job_id, came_out=False)
    assert doorway.run(service.resolve, resolved, ACTOR).state is PrintState.FAILED
    with pytest.raises(Conflict, match=r"printing\.not_unknown"):
        doorway.run(service.resolve, resolved, ACTOR)


def test_a_print_cut_short_by_a_crash_is_unknown(doorway):
    printer_at(doorway, 1)
    asked = ask(doorway)
    doorway.run(service.begin, service.BeginSending(SITE, asked.job_id), ACTOR)
    assert send(doorway, asked.job_id).state is PrintState.UNKNOWN


def test_a_reprint_needs_a_reason_and_says_which_print_it_is(doorway):
    printer_at(doorway, 1)
    first = ask(doorway)
    with pytest.raises(Conflict, match=r"printing\.reason_due"):
        ask(doorway)
    with pytest.raises(Invalid, match=r"printing\.reason_due"):
        doorway.run(service.reprint, service.AskReprint(SITE, first.job_id, " "), ACTOR)
    again = doorway.run(service.reprint, service.AskReprint(SITE, first.job_id, "卡纸"), ACTOR)
    job = look(doorway, again.job_id)
    assert (job.nth, job.reason, job.fields["print_no"]) == (2, "卡纸", 2)


def test_a_scanned_label_confirms_its_newest_print(doorway):
    printer_at(doorway, 1)
    first, second = ask(doorway), ask(doorway, "撕坏")
    confirmed = service.ConfirmPrint(SITE, "release", LABEL.parcel_no)
    assert doorway.run(service.confirm, confirmed, ACTOR) is True
    assert look(doorway, second.job_id).state is PrintState.CONFIRMED
    assert look(doorway, first.job_id).state is PrintState.ASKED
    other = service.ConfirmPrint(SITE, "release", "nothing")
    assert doorway.run(service.confirm, other, ACTOR) is False
