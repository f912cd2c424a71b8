"""Every command of receiving, each a function of a transaction and a frozen command."""

from wms.inbound.service.closing import close, settle
from wms.inbound.service.planning import plan, truck_in
from wms.inbound.service.receiving import correct, receive

__all__ = ["close", "correct", "plan", "receive", "settle", "truck_in"]
