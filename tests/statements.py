"""Counts what is sent to the database, for tests that keep a hot path short."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from wms.db.transaction import Doorway
from wms.db.wire import Wire
from wms.kernel.ids import SiteId


@contextmanager
def statements(doorway: Doorway, site_id: SiteId) -> Iterator[list[str]]:
    """Give the list of statements sent while the block runs, savepoints included."""
    engine, sent = doorway.engine_for(site_id), list[str]()

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    def send(wire, *calls):
        sent.extend(call.statement for call in calls if call.values)
        return send_of_wire(wire, *calls)

    send_of_wire, Wire.send = Wire.send, send
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
        Wire.send = send_of_wire
