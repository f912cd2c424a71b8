"""What each kind of event carries: one struct a kind, checked before anything is kept.

The contract (`iot/asyncapi.yaml`) is made of these structs: their limits are its limits.
"""

from typing import Annotated, ClassVar, Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

from iot import fields
from iot.fields import said


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parent of all; `zh` is what the docstring says, `jgs` the message of JGS/T 14-2015."""

    zh: ClassVar[str] = ""
    jgs: ClassVar[str] = ""

    extend: fields.Extend = {}


class Gathered(Kind, frozen=True):
    """Parent of what a lane gathers."""

    jgs: ClassVar[str] = "0x81 GATHER_INFO"


class Arrive(Gathered, frozen=True):
    """A loop says that a vehicle stands in the lane; `passage` is made by the lane."""

    zh: ClassVar[str] = "地感：通道内有车。过卡序号由通道生成"
    lane: fields.Lane
    dir: fields.Way
    passage: fields.Passage


class Leave(Arrive, frozen=True):
    """A loop says that the vehicle has left the lane."""

    zh: ClassVar[str] = "地感：车已驶离通道"


class Plate(Gathered, frozen=True):
    """A camera has looked for a plate; empty when it found none."""

    zh: ClassVar[str] = "车牌识别结果，未识别则空"
    lane: fields.Lane
    plate: fields.Plate
    conf: fields.Confidence
    passage: fields.OfPassage = ""
    colour: fields.PlateColour | UnsetType = UNSET
    photos: fields.Photos = ()


class Container(Gathered, frozen=True):
    """A camera has looked for a container number (ISO 6346); empty when there is none."""

    zh: ClassVar[str] = "箱号识别结果，没有箱则空"
    lane: fields.Lane
    no: fields.ContainerNo
    conf: fields.Confidence = 1.0
    passage: fields.OfPassage = ""
    type: fields.ContainerType | UnsetType = UNSET
    photos: fields.Photos = ()


class Card(Gathered, frozen=True):
    """A reader has looked for a card or tag; `uid` is empty when it found none."""

    zh: ClassVar[str] = "读卡或读电子车牌结果，未读到则空"
    lane: fields.Lane
    uid: fields.CardNo
    medium: fields.Medium = ""
    passage: fields.OfPassage = ""


class Weight(Gathered, frozen=True):
    """A weighbridge has weighed; only a stable figure counts."""

    zh: ClassVar[str] = "地磅称重，稳定值才有效"
    lane: fields.Lane
    kg: fields.Kilograms  # as JSON has it; exact from here on
    stable: Annotated[bool, said("已稳定", "The figure no longer moves")]
    passage: fields.OfPassage = ""
    axles: fields.Axles | UnsetType = UNSET
    certificate: fields.Certificate = ""


class SealRead(Gathered, frozen=True):
    """A reader at the lane has looked for a seal; empty when there is none."""

    zh: ClassVar[str] = "通道读关锁结果，没有则空"
    lane: fields.Lane
    seal: fields.SealSeen
    passage: fields.OfPassage = ""


class Barrier(Kind, frozen=True):
    """A barrier says where it stands and why; `cmd` names the command it obeyed."""

    zh: ClassVar[str] = "道闸位置及原因；cmd 为所执行的指令"
    lane: fields.Lane
    pos: Annotated[
        Literal["up", "down", "moving", "fault"],
        said("位置：升、落、动作中、故障", "Where it stands"),
    ]
    cause: Annotated[
        Literal["cmd", "manual", "emergency", "close"],
        said("原因：指令、手动、应急、落杆", "Why it moved"),
    ] = "cmd"
    cmd: fields.Command | None = None


class Through(Kind, frozen=True):
    """How a passage ended."""

    zh: ClassVar[str] = "过卡结果"
    lane: fields.Lane
    passage: fields.Passage
    result: Annotated[
        Literal["passed", "backed-out", "tailgated"],
        said("通过、退出、尾随闯入", "Passed, backed out, or another slipped through behind"),
    ]
    seconds: fields.Seconds = 0


class Placed(Kind, frozen=True, kw_only=True):
    """Parent of what happens to a seal at a place."""

    lat: fields.Latitude | UnsetType = UNSET
    lon: fields.Longitude | UnsetType = UNSET


class Affix(Placed, frozen=True):
    """A seal was locked on a container or vehicle."""

    zh: ClassVar[str] = "施封：关锁锁在箱或车上"
    jgs: ClassVar[str] = "0x84 OPERATE_FEEDBACK, ESEAL.ESEAL_OPERATE L"
    seal: fields.SealNo
    container: Annotated[str, said("箱号", "Container", jgs="CONTA_ID", max_length=40)] = ""
    plate: fields.Plate = ""
    order: fields.Order = ""
    by: fields.Officer = ""


class Remove(Affix, frozen=True):
    """A seal was taken off a container or vehicle."""

    zh: ClassVar[str] = "解封：关锁从箱或车上取下"
    jgs: ClassVar[str] = "0x84 OPERATE_FEEDBACK, ESEAL.ESEAL_OPERATE U"


class Tamper(Placed, frozen=True):
    """A seal cries."""

    zh: ClassVar[str] = "关锁报警"
    seal: fields.SealNo
    cause: Annotated[
        Literal["cut", "opened", "wrong-key", "shell", "magnet", "low-signal"],
        said("剪断、非法开启、密钥错误、外壳打开、磁干扰、信号弱", "Why it cries"),
    ]


class Battery(Kind, frozen=True):
    """How full a seal's battery is."""

    zh: ClassVar[str] = "关锁电量"
    seal: fields.SealNo
    pct: Annotated[int, said("剩余电量", "Charge left", unit="%", ge=0, le=100)]
    volts: Annotated[float, said("电压", "Voltage", unit="V", ge=0, le=100)] | UnsetType = UNSET


class Position(Kind, frozen=True):
    """Where a seal is."""

    zh: ClassVar[str] = "关锁位置"
    seal: fields.SealNo
    lat: fields.Latitude
    lon: fields.Longitude
    speed: Annotated[float, said("速度", "Speed", unit="km/h", ge=0, le=300)] | UnsetType = UNSET
    hdop: (
        Annotated[float, said("水平精度因子", "Dilution of precision", ge=0, le=100)] | UnsetType
    ) = UNSET


class TagSeen(Kind, frozen=True):
    """A reader of the virtual fence has a tag in its field."""

    zh: ClassVar[str] = "虚拟围网：标签在场"
    zone: fields.Zone
    epc: fields.Epc
    antenna: Annotated[int, said("天线号", "Antenna", ge=0, le=255)] | UnsetType = UNSET
    rssi: fields.Dbm | UnsetType = UNSET
    ms: fields.Milliseconds | UnsetType = UNSET


class TagLeft(TagSeen, frozen=True):
    """A reader of the virtual fence no longer sees a tag."""

    zh: ClassVar[str] = "虚拟围网：标签离场"


class Temperature(Kind, frozen=True):
    """What a probe measures in a zone."""

    zh: ClassVar[str] = "库区温度"
    zone: fields.Zone
    c: fields.Celsius
    rh: fields.Humidity | UnsetType = UNSET
    probe: fields.Probe = ""


class Excursion(Temperature, frozen=True):
    """A probe says that a limit was crossed."""

    zh: ClassVar[str] = "温度越限"
    crossed: (
        Annotated[Literal["high", "low"], said("越上限、越下限", "Which limit")] | UnsetType
    ) = UNSET
    limit: fields.Celsius | UnsetType = UNSET


class Status(Kind, frozen=True):
    """A device has started, runs, or stops on purpose."""

    zh: ClassVar[str] = "设备启动、运行、正常停机"
    state: Annotated[
        Literal["started", "running", "stopping"],
        said("启动、运行、停机", "What it does"),
    ]
    firmware: Annotated[str, said("固件版本", "Version of its software", max_length=64)] = ""
    queue: (
        Annotated[int, said("未确认的事件数", "Events not yet confirmed", ge=0, le=fields.TOP)]
        | UnsetType
    ) = UNSET
    clock_ms: (
        Annotated[
            int,
            said("时钟偏差", "Clock offset by its own time server", unit="ms"),
            msgspec.Meta(ge=-fields.TOP, le=fields.TOP),
        ]
        | UnsetType
    ) = UNSET


class Fault(Kind, frozen=True):
    """A device says what is wrong with it."""

    zh: ClassVar[str] = "设备故障"
    code: fields.Code
    text: fields.Words = ""


class Gap(Kind, frozen=True):
    """A device says which of its own events it has lost, the first and the last of them."""

    zh: ClassVar[str] = "设备丢失的事件，自首号至末号"
    first: fields.Seq
    last: fields.Seq


class Reply(Kind, frozen=True):
    """A device says what became of a command; that it acted is proved by its own report."""

    zh: ClassVar[str] = "指令的答复；是否执行以设备自身的上报为准"
    cmd: fields.Command
    result: Annotated[
        Literal["accepted", "rejected", "done", "failed", "expired"],
        said(
            "接受、拒绝、完成、失败、过期", "What became of it", jgs="0x84 RESULT: 1 ok, 2 failed"
        ),
    ]
    reason: Annotated[str, said("原因", "Why", jgs="RESULT_DESCRIPTION", max_length=200)] = ""


KINDS: Final[dict[str, type[Kind]]] = {
    "gate/arrive": Arrive,
    "gate/leave": Leave,
    "gate/plate": Plate,
    "gate/container": Container,
    "gate/card": Card,
    "gate/weight": Weight,
    "gate/seal": SealRead,
    "gate/barrier": Barrier,
    "gate/passage": Through,
    "seal/affix": Affix,
    "seal/remove": Remove,
    "seal/tamper": Tamper,
    "seal/battery": Battery,
    "seal/pos": Position,
    "fence/seen": TagSeen,
    "fence/left": TagLeft,
    "env/temp": Temperature,
    "env/alarm": Excursion,
    "dev/status": Status,
    "dev/fault": Fault,
    "dev/gap": Gap,
    "dev/reply": Reply,
}
"""Every kind that is kept; another one is refused as `unknown_kind`."""
