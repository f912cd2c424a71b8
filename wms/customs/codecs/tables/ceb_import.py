"""The import declarations of the cross-border system (CEB, edition 202205).

Spellings are those of the wire, misspelt ones included (`acturalPaid`). A row joins what the schema
and the text of the edition ask for, so that what is written satisfies both; where the text (or an
error note) asks for more than the schema, the row says so.
"""

from typing import Final

TABLE: Final = """
block shared
guid       C36    R
appType    C1     R  =1|2|3 @text
appTime    T14    R
appStatus  C1..3  R  =1|2 @text

kind CEB311 Order 100 import out -
title 订单 | order
keys ebpCode orderNo
head OrderHead
use shared
orderType           C1        R  =I @text
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
buyerIdType         C1        R  =1|2 @text
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
lines OrderList 1..99
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

kind CEB411 Payment 100 import out -
title 支付单 | payment
keys payCode payTransactionId orderNo
head PaymentHead
use shared
payCode           C1..18    R
payName           C1..100   R
payTransactionId  C1..60    R
orderNo           C1..60    R
ebpCode           C1..18    R
ebpName           C1..100   R
payerIdType       C1        R  =1|2 @text
payerIdNumber     C1..60    R
payerName         C1..60    R
telephone         C0..60    o
amountPaid        N19,5     R
currency          C3        R  =142
payTime           T14       R
note              C0..1000  o

kind CEB511 Logistics 100 import out -
title 运单 | waybill
keys logisticsCode logisticsNo
head LogisticsHead
use shared
logisticsCode       C1..18    R
logisticsName       C1..100   R
logisticsNo         C1..60    R  ~logisticNo
billNo              C0..37    o
orderNo             C1..60    R
freight             N19,5     R  @text
insuredFee          N19,5     R  @text
currency            C3        R  =142
weight              N19,5     R
packNo              N9        R
goodsInfo           C0..200   o
consignee           C1..100   R  ~consingee
consigneeAddress    C1..200   R
consigneeTelephone  C1..50    R
note                C0..1000  o

kind CEB513 LogisticsStatus 100 import out -
title 运单状态 | waybill status
keys logisticsCode logisticsNo
head -
use shared
logisticsCode    C1..18    R
logisticsName    C1..100   R
logisticsNo      C1..60    R  ~logisticNo
logisticsStatus  C1        R  =S @text
logisticsTime    T14       R
note             C0..1000  o

kind CEB621 Inventory 100 import-signed out -
title 申报清单 | release list
keys copNo orderNo
head InventoryHead
use shared
orderNo           C1..60    R
ebpCode           C1..18    R
ebpName           C1..100   R
ebcCode           C1..18    R
ebcName           C1..100   R
logisticsNo       C1..60    R  ~logisticNo
logisticsCode     C1..18    R
logisticsName     C1..100   R
copNo             C1..20    R  @text18
preNo             C0..18    o
assureCode        C1..30    R
emsNo             C0..30    tradeMode=1210  @text
invtNo            C0..18    o
ieFlag            C1        R  =I @text
declTime          T8        R
customsCode       C4        R
portCode          C4        R
ieDate            T8        o
buyerIdType       C1        R  =1|2 @text
buyerIdNumber     C1..60    R
buyerName         C1..60    R
buyerTelephone    C1..30    R
consigneeAddress  C1..200   R
agentCode         C1..18    R  ~declAgentCode ~declagAgentCode
agentName         C1..100   R  ~agengName
areaCode          C0..18    tradeMode=1210  @text
areaName          C0..100   tradeMode=1210  @text
tradeMode         C4        R
trafMode          C1        R
trafNo            C0..100   tradeMode=9610  @text
voyageNo          C0..32    tradeMode=9610  @text
billNo            C0..37    tradeMode=9610  @text
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
lines InventoryList 1..99
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
qty2          N19,5     +unit2  @notes
unit2         C3        +qty2   @notes
price         N19,5     R
totalPrice    N19,5     R
note          C0..1000  o

block request
customsCode     C4        R
orderNo         C1..60    R
ebpCode         C1..18    R
ebpName         C1..100   R
ebcCode         C1..18    R
ebcName         C1..100   R
logisticsNo     C1..60    R  ~logisticNo
logisticsCode   C1..18    R
logisticsName   C1..100   R
copNo           C1..20    R  @text
preNo           C0..18    o
invtNo          C1..18    R
buyerIdType     C1        R  =1|2 @text
buyerIdNumber   C1..60    R
buyerName       C1..60    R
buyerTelephone  C1..30    R
agentCode       C1..18    R  ~declAgentCode ~declagAgentCode
agentName       C1..100   R  ~agengName
reason          C1..1000  R
note            C0..1000  o

kind CEB623 InvtCancel 100 import-signed out -
title 撤销申请单 | cancel request
keys copNo invtNo
head -
guid       C36    R
appType    C1     R  =1 @text   # a cancel request can be neither changed nor deleted
appTime    T14    R
appStatus  C1..3  R  =1|2 @text
use request

kind CEB625 InvtRefund 100 import-signed out -
title 退货申请单 | refund request
keys copNo invtNo
head InvtRefundHead
use shared
use request
lines InvtRefundList 1..99
gnum   N4        R
gcode  C10       R
gname  C1..250   R
qty    N19,5     R
unit   C3        R
note   C0..1000  o

kind CEB711 Delivery 1 import-signed out -
title 入库明细单 | arrivals at the supervised site
keys copNo billNo
head DeliveryHead
use shared
customsCode     C4        R
copNo           C1..20    R  @text
preNo           C0..18    o
rkdNo           C0..18    o
operatorCode    C1..18    R
operatorName    C1..100   R
ieFlag          C1        R  =I|E @text
trafMode        C1        R
trafNo          C1..100   R
voyageNo        C1..32    R
billNo          C1..37    R
logisticsCode   C1..18    R
logisticsName   C1..100   R
unloadLocation  C0..100   o
note            C0..1000  o
lines DeliveryList 1..
gnum         N4        R
logisticsNo  C1..60    R  ~logisticNo
note         C0..1000  o
"""

TAIL: Final = """
block BaseTransfer
copCode  C1..18    R  @text
copName  C1..100   R  @text
dxpMode  C3        R  =DXP @text
dxpId    C0..30    R
note     C0..1000  o

block BaseSubscribe
status      C0..100   R
dxpMode     C3        R  =DXP @text
dxpAddress  C0..100   R
note        C0..1000  o
"""
