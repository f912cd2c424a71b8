"""The answers to export messages of the cross-border system (CEB, edition 202205)."""

from typing import Final

TABLE: Final = """
block return
returnStatus  C1..10    R
returnTime    T17       R
returnInfo    C0..1000  R

kind CEB304 OrderReturn 100 - in -
title 订单回执 | receipt: order
keys ebpCode ebcCode orderNo returnStatus
head -
guid     C36     R
ebpCode  C0..18  R
ebcCode  C0..18  R
orderNo  C0..60  R
use return

kind CEB404 ReceiptsReturn 100 - in -
title 收款单回执 | receipt: proceeds received
keys ebcCode orderNo payNo returnStatus
head -
guid     C36     R
ebcCode  C0..18  R
orderNo  C0..60  R
payNo    C0..60  o
use return

kind CEB506 LogisticsReturn 100 - in -
title 运单回执 | receipt: waybill
keys logisticsCode logisticsNo returnStatus
head -
guid           C36     R
logisticsCode  C0..18  R
logisticsNo    C0..32  R
use return

kind CEB508 ArrivalReturn 100 - in -
title 运抵单回执 | receipt: arrival at the supervised site
keys operatorCode copNo billNo msgSeqNo returnStatus
head -
guid           C36     R
operatorCode   C0..18  R
logisticsCode  C0..18  R
preNo          C18     R
copNo          C0..30  R
billNo         C0..37  R
msgSeqNo       N9      R
use return

kind CEB510 DepartureReturn 100 - in -
title 离境单回执 | receipt: departure
keys logisticsCode copNo msgSeqNo returnStatus
head -
guid           C36     R
logisticsCode  C0..18  R
copNo          C0..30  R
preNo          C18     R
msgSeqNo       N9      R
use return

kind CEB604 InventoryReturn 100 - in -
title 申报清单回执 | receipt: declaration list
keys agentCode copNo invtNo returnStatus
head -
guid            C36     R
agentCode       C0..18  R
copNo           C0..30  R
preNo           C18     R
invtNo          C0..20  R
ebcCode         C0..18  R
ebpCode         C0..18  R
orderNo         C0..60  R
statisticsFlag  C1      R  =A|B @text
use return

kind CEB606 InvtCancelReturn 100 - in -
title 撤销申请单回执 | receipt: cancel request
keys agentCode copNo invtNo returnStatus
head -
guid       C36     R
agentCode  C0..18  R
copNo      C0..30  R
preNo      C18     R
invtNo     C0..20  R
use return

kind CEB608 WayBillReturn 100 - in -
title 总分单回执 | receipt: master and house list
keys agentCode copNo billNo msgSeqNo returnStatus
head -
guid           C36     R
agentCode      C0..18  R
logisticsCode  C0..18  R
copNo          C0..30  R
preNo          C18     R
billNo         C0..37  R
msgSeqNo       N9      R
use return

kind CEB702 SummaryReturn 100 - in -
title 汇总申请单回执 | receipt: summary application
keys agentCode copNo sumNo msgSeqNo returnStatus
head -
guid       C36     R
agentCode  C0..18  R
ebcCode    C0..18  R
copNo      C0..30  R
preNo      C18     R
sumNo      C18     o
msgSeqNo   N9      R
use return

kind CEB792 SummaryResult 100 - in -
title 汇总结果单 | summary result
keys sumNo declSeqNo msgSeqNo
head SummaryResultHead
guid           C36       R
customsCode    C4        R
sumNo          C18       R
opDate         T17       R
declSeqNo      C18       R
decTmpNo       C18       o
decPreNo       C18       o
entryId        C18       o
decState       C1..3     R
agentCode      C0..18    R
agentName      C0..100   R
ebcCode        C0..18    R
ebcName        C0..100   R
declAgentCode  C0..18    R  ~declagAgentCode
declAgentName  C0..100   R
grossWeight    N19,5     R
netWeight      N19,5     R
msgCount       N9        R
msgSeqNo       N9        R
note           C0..1000  o
lines SummaryResultList 0..
invtNo       C0..20  R
logisticsNo  C0..32  R
gseqno       N5      R
gnum         N5      R
gcode        C10     R

kind CEB214 RefundReturn 100 - in -
title 出口退货单回执 | receipt: return of retail exports
keys coElNo invtNo returnStatus
head -
guid          C36       R
ebpCode       C0..18    o
ebcCode       C0..18    o
agentCode     C0..18    R
coElNo        C0..30    R
preNo         C0..18    o
invtNo        C0..20    R
returnStatus  C0..10    R
returnTime    T17       R
returnInfo    C0..1000  R

kind CEB216 InvtRefundDetailReturn 100 - in -
title 退运理货明细单回执 | receipt: tally list of returned exports
keys coElNo logisticsNo returnStatus
head -
guid           C36       R
operatorCode   C0..18    R
logisticsCode  C0..18    R
logisticsNo    C0..80    R
coElNo         C0..30    R
preNo          C0..18    o
returnStatus   C0..10    R
returnTime     T17       R
returnInfo     C0..1000  R
"""
