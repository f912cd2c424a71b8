"""The envelope of an event: CloudEvents 1.0 with our counters."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from iot.fields import Boot, Seq, said


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """CloudEvents 1.0 with our counters; what follows `replay` is allowed and not read."""

    zh: ClassVar[str] = "事件信封：CloudEvents 1.0，加启动次数与序号"
    jgs: ClassVar[str] = ""

    specversion: Annotated[Literal["1.0"], said("信封版本", "Version of the envelope")]
    id: Annotated[
        UUID, said("事件号，重发不变", "Number of the event; the same however often it is sent")
    ]
    source: Annotated[
        str,
        said("设备号，与主题一致", "The device, as in the topic", jgs="GENERAL_DEVICE.DEVIC_ID"),
    ]
    type: Annotated[str, said("事件种类，与主题一致", "Kind of event, as in the topic")]
    time: Annotated[
        datetime,
        said("发生时间，带时区", "When it happened, with offset", jgs="OPERATE_TIME"),
        Meta(tz=True),
    ]
    seq: Seq
    boot: Boot
    data: Annotated[dict[str, Any], said("内容", "What happened")]
    replay: Annotated[bool, said("补发自设备日志", "Sent from the device's journal")] = False
    subject: Annotated[str, said("对象", "Subject")] = ""
    datacontenttype: Annotated[str, said("内容格式", "Form of the content")] = ""
    dataschema: Annotated[str, said("内容模式地址", "Address of the schema")] = ""
    traceparent: Annotated[str, said("追踪号", "Trace of W3C Trace Context")] = ""
    tracestate: Annotated[str, said("追踪状态", "State of the trace")] = ""
