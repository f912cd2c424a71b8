"""What a letter is once read: a message with its documents, free of XML, and the remarks on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from wms.customs.codecs.findings import Finding

Values = Mapping[str, str]
"""Canonical field name to the text as it came; empty fields are left out."""


@dataclass(frozen=True, slots=True)
class Document:
    """One business document. `parts` are its further parts (`HdeApprResult`, `BwsDt`, …) by name.

    `unknown` keeps what the field table does not know, by path: text of an element, or its XML.
    """

    kind: str
    head: Values
    lines: tuple[Values, ...] = ()
    parts: Mapping[str, tuple[Values, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)

    @property
    def usable(self) -> bool:
        """Whether nothing grave was found in it."""
        return not any(finding.grave for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Message:
    """One letter: `kind` as customs names it, even where we do not know the kind.

    `guid` is the message's own number (`message_id` for the special zone). `cover` holds the
    sender part as it came (BaseTransfer or EnvelopInfo). `findings` are all remarks, documents'
    included. `dialect` is `import` or `customs` for the two forms of the special zone; `unknown`
    keeps, by path, what stands in the message beside its documents and is in no table.
    """

    kind: str
    guid: str
    documents: tuple[Document, ...]
    findings: tuple[Finding, ...] = ()
    cover: Values = field(default_factory=dict)
    signed: bool = False
    dialect: str = ""
    unknown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Who sends a CEB declaration: the firm behind the sending client."""

    cop_code: str
    cop_name: str
    dxp_id: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Around a special-zone message: `declare` false only stores it at the single window.

    `receiver_id` and `sys_id` left empty are those assumed on the day of `send_time`.
    """

    message_id: str
    file_name: str
    sender_id: str
    send_time: datetime
    oper_cus_reg_code: str
    receiver_id: str = ""
    ic_card: str = ""
    key_name: str = ""
    sys_id: str = ""
    declare: bool = True


Cover = Transfer | Envelope | None
