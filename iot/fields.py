"""The words of the messages: a field's limits, unit, both languages and its JGS/T 14 name.

The name is the one JGS/T 14-2015 (section 4, the messages in XML) has for the field; a field
without one has none there.
"""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

TOP: Final = 2**31
"""The highest start number and event number."""

SURE: Final = 0.85
"""A camera's confidence from which a plate counts as read."""


def said(zh: str, en: str, *, jgs: str = "", unit: str = "", **limits: Any) -> Meta:
    """Return what is said of a field: to people in two languages, to machines its limits."""
    extra = {name: told for name, told in (("x-unit", unit), ("x-jgst14", jgs)) if told}
    return Meta(description=f"{zh} · {en}", extra_json_schema=extra or None, **limits)


Seq = Annotated[int, said("本次启动内的事件序号", "Event number within the start", ge=1, le=TOP)]
Boot = Annotated[int, said("启动次数，只增", "Start number; grows at each start", ge=1, le=TOP)]

Lane = Annotated[
    str, said("通道号", "Number of the lane", jgs="CHNL_NO", min_length=1, max_length=20)
]
Way = Annotated[
    Literal["in", "out"],
    said("方向：进区、出区", "Into the zone or out of it", jgs="I_E_FLAG: in = I, out = E"),
]
Passage = Annotated[
    str,
    said("过卡序号，由通道生成", "This passage; made by the lane", jgs="SESSION_ID", min_length=1),
    Meta(max_length=60),
]
OfPassage = Annotated[
    str,
    said("所属过卡，不知则空", "The passage; empty if not known", jgs="SESSION_ID", max_length=64),
]
Plate = Annotated[
    str, said("车牌号，未识别则空", "Plate; empty if none", jgs="VE_LICENSE_NO", max_length=20)
]
PlateColour = Annotated[
    Literal["blue", "yellow", "green", "white", "black", "other"],
    said("车牌颜色", "Colour of the plate", jgs="VE_LICENSE_RECOGNITION.DOMESTIC_LICENSE_COLOR"),
]
Confidence = Annotated[
    float,
    said("识别置信度", "How sure the camera is", jgs=f"CONFIDENCE_RATIO: Y from {SURE}"),
    Meta(ge=0, le=1),
]
ContainerNo = Annotated[
    str,
    said("箱号，没有则空", "Container number, ISO 6346; empty if none", jgs="CONTA_ID"),
    Meta(max_length=20),
]
ContainerType = Annotated[
    str,
    said("箱型代码", "Size and type, ISO 6346", jgs="CONTA_RECOGNITION.CONTA_TYPE"),
    Meta(pattern="^[0-9A-Z]{4}$"),
]
CardNo = Annotated[
    str, said("卡号，未读到则空", "Card; empty if none", jgs="IC_INFO.IC_ID", max_length=64)
]
Medium = Annotated[
    Literal["", "ic", "rfid", "etc"], said("介质：IC 卡、电子车牌、ETC", "What was read")
]
Epc = Annotated[
    str,
    said("标签 EPC，十六进制", "EPC of the tag, hexadecimal, upper case"),
    Meta(pattern="^([0-9A-F]{4}){2,31}$"),
]
Kilograms = Annotated[
    float,
    said("称得毛重", "Measured gross weight", jgs="GROSS_WT", unit="kg", ge=0, le=1_000_000),
]
Axles = Annotated[int, said("轴数", "Axles on the scale", ge=1, le=20)]
Certificate = Annotated[
    str, said("地磅检定证书号", "Certificate of the weighbridge", max_length=64)
]
SealNo = Annotated[
    str,
    said("关锁号", "Number of the seal", jgs="ESEAL_ID", min_length=1, max_length=40),
]
SealSeen = Annotated[
    str,
    said("读到的关锁号，没有则空", "Seal that was read; empty if none", jgs="ESEAL_ID"),
    Meta(max_length=40),
]
Command = Annotated[UUID, said("指令号", "Number of the command")]
Order = Annotated[
    str, said("作业单号", "What it was done for", jgs="FORM_INFO.FORM_ID", max_length=64)
]
Officer = Annotated[str, said("操作人卡号", "Card of who did it", jgs="OPERATOR_ID", max_length=64)]
Latitude = Annotated[float, said("纬度 WGS 84", "Latitude, WGS 84", unit="°", ge=-90, le=90)]
Longitude = Annotated[float, said("经度 WGS 84", "Longitude, WGS 84", unit="°", ge=-180, le=180)]
Zone = Annotated[
    str, said("库区或围网区", "Zone of the store or the fence", min_length=1, max_length=64)
]
Celsius = Annotated[float, said("温度", "Temperature", unit="°C", ge=-100, le=200)]
Humidity = Annotated[float, said("相对湿度", "Relative humidity", unit="%", ge=0, le=100)]
Probe = Annotated[str, said("探头编号", "Number of the probe", max_length=64)]
Seconds = Annotated[float, said("历时", "How long it took", unit="s", ge=0, le=86_400)]
Milliseconds = Annotated[
    int, said("停留或消失时长", "How long it stayed or was gone", unit="ms", ge=0, le=TOP)
]
Dbm = Annotated[float, said("信号强度", "Signal strength", unit="dBm", ge=-200, le=50)]
Code = Annotated[str, said("代码", "Code of the maker", min_length=1, max_length=64)]
Words = Annotated[str, said("说明", "In words", max_length=500)]
Extend = Annotated[
    dict[Annotated[str, Meta(min_length=1, max_length=64)], Annotated[str, Meta(max_length=200)]],
    said(
        "厂商附加项：保存，不读取", "More from the maker: kept, not read", jgs="EXTEND.NAME, .VALUE"
    ),
    Meta(max_length=20),
]


class Photo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A picture by its digest, never its bytes."""

    id: Annotated[
        str,
        said("图片的 SHA-256", "SHA-256 of the picture", jgs="PHOTO.PHOTO_GUID"),
        Meta(pattern="^[0-9a-f]{64}$"),
    ]
    view: Annotated[
        Literal["front", "front-left", "front-right", "rear", "rear-left", "rear-right"],
        said("拍摄方位", "From where it was taken", jgs="PHOTO.PHOTO_PERSPECTIVE"),
    ]
    url: Annotated[str, said("取图地址", "Where it can be fetched", max_length=300)] = ""


Photos = Annotated[tuple[Photo, ...], said("图片引用", "Pictures", jgs="PHOTO", max_length=6)]
