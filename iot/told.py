"""What a device is told: commands, how far its events are here, what was refused."""

from datetime import datetime
from typing import Annotated, ClassVar, Final, Literal

import msgspec

from iot import fields
from iot.fields import Seq, said


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parent of all; `zh` is what the docstring says, `jgs` the message of JGS/T 14-2015."""

    zh: ClassVar[str] = ""
    jgs: ClassVar[str] = ""


class Command(Told, frozen=True):
    """Parent of commands: done once by `cmd`, and not after `expires_at`."""

    cmd: fields.Command
    issued_at: Annotated[datetime, said("下达时间", "When it was given", jgs="FEEDBACK_TIME")]
    expires_at: Annotated[datetime, said("失效时间，过后不得执行", "Not to be done after this")]
    lane: fields.Lane
    passage: fields.Passage


class BarrierCommand(Command, frozen=True, kw_only=True):
    """Raise once, and only if `fence` is above the last one seen."""

    zh: ClassVar[str] = "抬杆一次；fence 须大于上次"
    jgs: ClassVar[str] = "0x83 OPERATE_INFO"
    op: Annotated[Literal["up"], said("动作：抬杆", "What to do", jgs="GENERAL_DEVICE.OPERATE")] = (
        "up"
    )
    fence: Annotated[
        int, said("通道内递增的指令序号", "Number that grows in the lane", ge=1, le=2**53)
    ]


class SignCommand(Command, frozen=True, kw_only=True):
    """Show the verdict or a person's ruling on a passage, and why."""

    zh: ClassVar[str] = "显示判定或人工处置及原因"
    jgs: ClassVar[str] = "0x82 GATHER_FEEDBACK"
    says: Annotated[
        Literal["Y", "N", "M", "release", "inspect", "send_back"],
        said(
            "判定 Y、N、M，或人工处置",
            "Verdict, or a person's ruling",
            jgs="CHECK_RESULT; rulings: 0x85 CHECK_RESULT 1, 2, 3",
        ),
    ]
    codes: Annotated[
        tuple[Annotated[str, msgspec.Meta(max_length=60)], ...],
        said("原因代码", "Reasons, by code", jgs="LED_HINT", max_length=40),
    ]


class Seen(Told, frozen=True):
    """Every event of this start up to `upto` is in the database: the device may forget them."""

    zh: ClassVar[str] = "本次启动至 upto 的事件均已入库，设备可删除"
    boot: fields.Boot
    upto: Annotated[int, said("已入库至此号", "In the database up to this", ge=0, le=fields.TOP)]


class Reject(Told, frozen=True):
    """A message was refused and kept as a dead letter; sending it again changes nothing."""

    zh: ClassVar[str] = "报文被拒收并留存；重发无用"
    reason: Annotated[str, said("原因，见清单", "Reason from the closed list")]
    detail: Annotated[str, said("说明", "In words", max_length=300)]
    boot: fields.Boot | None
    seq: Seq | None


COMMANDS: Final[dict[str, type[Command]]] = {"barrier": BarrierCommand, "sign": SignCommand}
"""Every command by its name in the topic."""
