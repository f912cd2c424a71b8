"""The way to a printer: render, preflight, send over TCP, and say honestly what is known after."""

import socket
from typing import Final
from urllib.parse import urlsplit

from labels import MEDIA, Density, Head, Label, LabelRefusal, Media, Rendered, render
from wms.db.payload import from_builtins
from wms.db.transaction import Doorway
from wms.kernel.actor import system_actor
from wms.kernel.errors import Invalid, Unavailable
from wms.masterdata import queries as masterdata
from wms.masterdata.terms import Printer
from wms.printing import service
from wms.printing.events import LabelWaiting
from wms.printing.terms import LABELS, PrintState

CONNECT_SECONDS: Final = 3.0
ACCEPT_SECONDS: Final = 10.0


def send_label(doorway: Doorway, event: LabelWaiting) -> None:
    """Send one waiting print; does nothing for one that was sent or given up already.

    Raises Unavailable `printing.printer_away` when not a byte left: it is tried again later.
    """
    actor = system_actor(event.site_id, "printing")
    job = doorway.run(service.begin, service.BeginSending(event.site_id, event.job_id), actor)
    if job is None:
        return

    def settle(state: PrintState, failure: str = "") -> None:
        outcome = service.SettlePrint(event.site_id, event.job_id, state, failure)
        doorway.run(service.settle, outcome, actor)

    with doorway.read(actor) as tx:
        printer = masterdata.printer(tx, job.printer)
    try:
        rendered = render(from_builtins(job.fields, LABELS[job.label]), head_of(printer))
    except LabelRefusal as refusal:
        settle(PrintState.FAILED, str(refusal))
        return
    try:
        connection = _connect(printer)
    except OSError as error:
        settle(PrintState.ASKED, str(error))
        raise Unavailable("printing.printer_away", read=printer.code) from error
    with connection:
        try:
            _deliver(connection, rendered)
        except OSError as error:
            settle(PrintState.UNKNOWN, str(error) or type(error).__name__)
        else:
            settle(PrintState.SENT)


def head_of(printer: Printer) -> Head:
    """Return a printer as the layout sees it."""
    density = Density.DPI_300 if printer.dpi >= 300 else Density.DPI_203
    return Head(Media[f"MM_{printer.media.upper()}"], density)


def preview(kind: str, fields: dict[str, object]) -> Rendered:
    """Return the label of a print on its preferred stock; Invalid with the label's own refusal."""
    label: Label = from_builtins(fields, LABELS[kind])
    try:
        return render(label, Head(MEDIA[type(label)][0]))
    except LabelRefusal as refusal:
        raise Invalid(refusal.code, **refusal.facts) from refusal


def _connect(printer: Printer) -> socket.socket:
    address = urlsplit(printer.address)
    return socket.create_connection(
        (address.hostname or "", address.port or 9100), timeout=CONNECT_SECONDS
    )


def _deliver(connection: socket.socket, rendered: Rendered) -> None:
    """Send every byte and wait until the printer has taken them and closed its side."""
    connection.settimeout(ACCEPT_SECONDS)
    connection.sendall(rendered.zpl)
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(4096):
        pass
