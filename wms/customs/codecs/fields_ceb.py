"""The field table of the cross-border messages (CEB, edition 202205): names, order, lengths.

Spellings are those of the wire, misspelt ones included (`acturalPaid`). `need` joins what the
schema and the text of the edition ask for, so that what is written satisfies both.
"""

from wms.customs.codecs.table import Part, Shape, fields

NAMESPACE = "http://www.chinaport.gov.cn/ceb"

_SHARED = """
guid        C36     R
appType     C1      R  =1|2|3
appTime     T14     R
appStatus   C1..3   R  =1|2
"""

_RETURN = """
returnStatus  C1..10    R
returnTime    T17       R
returnInfo    C1..1000  R
"""

TRANSFER = Part(
    ("BaseTransfer",),
    fields("""
copCode  C1..18    R
copName  C1..100   R
dxpMode  C3        R  =DXP
dxpId    C1..30    R
note     C0..1000  o
"""),
)

ORDER_HEAD = fields(
    _SHARED
    + """
orderType           C1        R  =I
orderNo             C1..60    R
ebpCode             C1..18    R
ebpName             C1..100   R
ebcCode             C1..18    R
ebcName             C1..100   R
goodsValue          N19,5     R
freight             N19,5     R
discount            N19,5     R
taxTotal            N19,5     R
acturalPaid         N19,5     R  ~actualPaid
currency            C3        R  =142
buyerRegNo          C1..60    R
buyerName           C1..60    R
buyerTelephone      C1..30    R
buyerIdType         C1        R  =1|2
buyerIdNumber       C1..60    R
payCode             C0..18    o
payName             C0..100   o
payTransactionId    C0..60    o
batchNumbers        C0..100   o
consignee           C1..100   R  ~consingee
consigneeTelephone  C1..50    R
consigneeAddress    C1..200   R
consigneeDistrict   C6        o  ~consigneeDitrict
note                C0..1000  o
""",
)

ORDER_LINE = fields("""
gnum          N4        R
itemNo        C0..30    o
itemName      C1..250   R
gmodel        C1..510   R  ~gModel
itemDescribe  C0..1000  o
barCode       C0..50    o
unit          C3        R
qty           N19,5     R
price         N19,5     R
totalPrice    N19,5     R
currency      C3        R  =142
country       C3        R
note          C0..1000  o
""")

PAYMENT_HEAD = fields(
    _SHARED
    + """
payCode           C1..18    R
payName           C1..100   R
payTransactionId  C1..60    R
orderNo           C1..60    R
ebpCode           C1..18    R
ebpName           C1..100   R
payerIdType       C1        R  =1|2
payerIdNumber     C1..60    R
payerName         C1..60    R
telephone         C0..60    o
amountPaid        N19,5     R
currency          C3        R  =142
payTime           T14       R
note              C0..1000  o
""",
)

WAYBILL_HEAD = fields(
    _SHARED
    + """
logisticsCode       C1..18    R
logisticsName       C1..100   R
logisticsNo         C1..60    R  ~logisticNo
billNo              C0..37    o
orderNo             C1..60    R
freight             N19,5     R
insuredFee          N19,5     R
currency            C3        R  =142
weight              N19,5     R
packNo              N9        R
goodsInfo           C0..200   o
consignee           C1..100   R  ~consingee
consigneeAddress    C1..200   R
consigneeTelephone  C1..50    R
note                C0..1000  o
""",
)

LIST_HEAD = fields(
    _SHARED
    + """
orderNo           C1..60    R
ebpCode           C1..18    R
ebpName           C1..100   R
ebcCode           C1..18    R
ebcName           C1..100   R
logisticsNo       C1..60    R  ~logisticNo
logisticsCode     C1..18    R
logisticsName     C1..100   R
copNo             C1..20    R
preNo             C0..18    o
assureCode        C1..30    R
emsNo             C0..30    tradeMode=1210
invtNo            C0..18    o
ieFlag            C1        R  =I
declTime          T8        R
customsCode       C4        R
portCode          C4        R
ieDate            T8        o
buyerIdType       C1        R  =1|2
buyerIdNumber     C1..60    R
buyerName         C1..60    R
buyerTelephone    C1..30    R
consigneeAddress  C1..200   R
agentCode         C1..18    R  ~declAgentCode ~declagAgentCode
agentName         C1..100   R  ~agengName
areaCode          C0..18    tradeMode=1210
areaName          C0..100   tradeMode=1210
tradeMode         C4        R
trafMode          C1        R
trafNo            C0..100   tradeMode=9610
voyageNo          C0..32    tradeMode=9610
billNo            C0..37    tradeMode=9610
loctNo            C0..10    o
licenseNo         C0..19    o
country           C3        R
freight           N19,5     R
insuredFee        N19,5     R
currency          C3        R  =142
wrapType          C1        o
packNo            N9        R
grossWeight       N19,5     R
netWeight         N19,5     R
note              C0..1000  o
""",
)

LIST_LINE = fields("""
gnum          N4        R
itemRecordNo  C0..30    o
itemNo        C0..20    o
itemName      C0..250   o
gcode         C10       R
gname         C1..250   R
gmodel        C1..510   R  ~gModel
barCode       C0..50    o
country       C3        R
tradeCountry  C1..3     o
currency      C3        R  =142
qty           N19,5     R
unit          C3        R
qty1          N19,5     R
unit1         C3        R
qty2          N19,5     o
unit2         C3        o
price         N19,5     R
totalPrice    N19,5     R
note          C0..1000  o
""")

_GUID = "guid  C36  R\n"

_RETURNS = (
    ("CEB312", "OrderReturn", "ebpCode C1..18 R\nebcCode C1..18 R\norderNo C1..60 R\n"),
    ("CEB412", "PaymentReturn", "payCode C1..18 R\npayTransactionId C1..60 R\n"),
    ("CEB512", "LogisticsReturn", "logisticsCode C1..18 R\nlogisticsNo C1..60 R ~logisticNo\n"),
    (
        "CEB622",
        "InventoryReturn",
        """
customsCode  C4      o
ebpCode      C1..18  o
ebcCode      C1..18  o
agentCode    C1..18  o
copNo        C1..20  R
preNo        C0..18  o
invtNo       C0..20  o
""",
    ),
)

MESSAGE_RETURN = fields("""
guid            C36          R
returnStatus    C1..10       R
returnInfo      C0..5000     R
returnTime      T17          R
oriCopMsgId     C0..255      R
oriMessageType  C0..15       R
oriBizMessage   C0..8000000  o
""")


def _declaration(kind: str, element: str, head: Part, lines: Part | None = None) -> Shape:
    most = 99 if lines else 0
    return Shape(kind, element, head, lines=lines, documents=100, max_lines=most, tail=True)


def _receipt(kind: str, element: str, table: str) -> Shape:
    return Shape(kind, element, Part((element,), fields(table)), wrapped=False, documents=100)


SHAPES = {
    shape.kind: shape
    for shape in (
        _declaration(
            "CEB311",
            "Order",
            Part(("OrderHead",), ORDER_HEAD),
            Part(("OrderList",), ORDER_LINE),
        ),
        _declaration("CEB411", "Payment", Part(("PaymentHead",), PAYMENT_HEAD)),
        _declaration("CEB511", "Logistics", Part(("LogisticsHead",), WAYBILL_HEAD)),
        _declaration(
            "CEB621",
            "Inventory",
            Part(("InventoryHead",), LIST_HEAD),
            Part(("InventoryList",), LIST_LINE),
        ),
        *(_receipt(kind, name, _GUID + key + _RETURN) for kind, name, key in _RETURNS),
        Shape(
            "CEB900",
            "MessageReturn",
            Part(("MessageReturn",), MESSAGE_RETURN),
            wrapped=False,
            documents=1,
        ),
    )
}
"""Shape by kind: the messages of this edition that are read and written."""
