"""What customs sends to importers over the cross-border system (CEB, edition 202205).

Read leniently: `preNo` and `invtNo` are of fixed length in the schema and may be missing by the
text; numbers of 20 characters come since exports have them.
"""

from typing import Final

TABLE: Final = """
block return
returnStatus  C1..10    R
returnTime    T17       R
returnInfo    C1..1000  R

kind CEB312 OrderReturn 100 - in -
title 订单回执 | receipt: order
keys ebpCode orderNo returnStatus
head -
guid     C36     R
ebpCode  C1..18  R
ebcCode  C1..18  R
orderNo  C1..60  R
use return

kind CEB412 PaymentReturn 100 - in -
title 支付单回执 | receipt: payment
keys payCode payTransactionId returnStatus
head -
guid              C36     R
payCode           C1..18  R
payTransactionId  C1..60  R
use return

kind CEB512 LogisticsReturn 100 - in -
title 运单回执 | receipt: waybill
keys logisticsCode logisticsNo returnStatus
head -
guid           C36     R
logisticsCode  C1..18  R
logisticsNo    C1..60  R  ~logisticNo
use return

kind CEB514 LogisticsStatusReturn 100 - in -
title 运单状态回执 | receipt: waybill status
keys logisticsCode logisticsNo returnStatus
head -
guid             C36     R
logisticsCode    C1..18  R
logisticsNo      C1..60  R  ~logisticNo
logisticsStatus  C1      R
use return

kind CEB622 InventoryReturn 100 - in -
title 申报清单回执 | receipt: release list
keys copNo invtNo returnStatus
head -
guid         C36     R
customsCode  C4      o
ebpCode      C1..18  o
ebcCode      C1..18  o
agentCode    C1..18  o
copNo        C1..20  R
preNo        C1..20  o  @text
invtNo       C1..20  o  @seen
use return

block requested
guid         C36     R
customsCode  C4      o
agentCode    C1..18  o
ebpCode      C1..18  o
ebcCode      C1..18  o
copNo        C1..20  R
preNo        C1..20  o  @text
invtNo       C1..20  o  @seen

kind CEB624 InvtCancelReturn 100 - in -
title 撤销申请单回执 | receipt: cancel request
keys copNo invtNo returnStatus
head -
use requested
use return

kind CEB626 InvtRefundReturn 100 - in -
title 退货申请单回执 | receipt: refund request
keys copNo invtNo returnStatus
head -
use requested
use return

kind CEB712 DeliveryReturn 100 - in -
title 入库明细单回执 | receipt: arrivals at the supervised site
keys copNo rkdNo returnStatus
head -
guid          C36     R
customsCode   C4      o
operatorCode  C1..18  o
copNo         C0..20  o
preNo         C0..18  o
rkdNo         C0..18  o
use return

kind CEB816 Tax 0 - in -
title 电子税单 | tax bill
keys taxNo invtNo status
head TaxHeadRd
guid            C36       R
returnTime      T17       R
invtNo          C1..20    R  @seen
taxNo           C1..50    R
customsTax      N19,5     R
valueAddedTax   N19,5     R
consumptionTax  N19,5     R
status          C1        R
entDutyNo       C0..50    o
note            C0..1000  o
assureCode      C0..64    o
ebcCode         C0..64    o
logisticsCode   C0..64    o
agentCode       C1..18    o
customsCode     C4        o
orderNo         C0..60    r  @text
logisticsNo     C0..60    r  ~logisticNo @text
lines TaxListRd 1..99
gnum            N4     R
gcode           C10    R
taxPrice        N19,5  R
customsTax      N19,5  R
valueAddedTax   N19,5  R
consumptionTax  N19,5  R

kind CEB818 Tax 0 - in -
title 电子税单状态 | status of a tax bill
keys taxNo invtNo status
head TaxHeadStatus
guid        C36     R
returnTime  T17     R
invtNo      C1..20  R  @seen
taxNo       C1..50  R
status      C1      R
entDutyNo   C0..50  o
assureCode  C0..64  o

kind CEB900 MessageReturn 1 - in -
title 报文回执 | message refused
keys oriMessageType oriCopMsgId returnStatus
head -
guid            C36      R
returnStatus    C1..10   R
returnInfo      C0..5000 R
returnTime      T17      R
oriCopMsgId     C0..255  R
oriMessageType  C0..15   R
oriBizMessage   C0..     R
"""
