"""The deeds of the gate, one file a matter; other rooms import them from here."""

from wms.gate.service.barrier import BarrierReported, barrier_reported
from wms.gate.service.demo import LoadDemoGate, load_demo
from wms.gate.service.passage import PassageReported, PostPassage, passage_reported, post_passage
from wms.gate.service.registry import RegisterDevice, RegisterLane, register_device, register_lane
from wms.gate.service.ruling import RuleCrossing, Ruled, rule_crossing
from wms.gate.service.seen import DecideDue, VehicleSeen, decide_due, vehicle_seen
from wms.gate.service.sheets import (
    ApplyFirstAnswer,
    ApplySheetReceipt,
    FileSheet,
    SheetFiled,
    SheetLine,
    TellArrival,
    apply_first_answer,
    apply_sheet_receipt,
    file_sheet,
    tell_arrival,
)

__all__ = [
    "ApplyFirstAnswer",
    "ApplySheetReceipt",
    "BarrierReported",
    "DecideDue",
    "FileSheet",
    "LoadDemoGate",
    "PassageReported",
    "PostPassage",
    "RegisterDevice",
    "RegisterLane",
    "RuleCrossing",
    "Ruled",
    "SheetFiled",
    "SheetLine",
    "TellArrival",
    "VehicleSeen",
    "apply_first_answer",
    "apply_sheet_receipt",
    "barrier_reported",
    "decide_due",
    "file_sheet",
    "load_demo",
    "passage_reported",
    "post_passage",
    "register_device",
    "register_lane",
    "rule_crossing",
    "tell_arrival",
    "vehicle_seen",
]
