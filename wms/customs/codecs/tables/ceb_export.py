"""The export messages of the cross-border system (CEB, edition 202205): what firms declare.

They are read, not sent: `=3` is fixed by the schema, and most required texts may be empty there.
"""

from typing import Final

TABLE: Final = """
block shared
guid       C36  R
appType    C1   R  =1|2|3 @text
appTime    T14  R
appStatus  C1   R  =1|2 @text

kind CEB303 Order 100 export out -
title 订单 | order
keys ebpCode orderNo
head OrderHead
use shared
orderType   C1        R  =E|B|W @text
orderNo     C0..60    R
ebpCode     C0..18    R
ebpName     C0..100   R
ebcCode     C0..18    R
ebcName     C0..100   R
goodsValue  N19,5     R
freight     N19,5     R
currency    C3        R
note        C0..1000  o
lines OrderList 1..100
gnum          N5        R
itemNo        C0..30    R
itemName      C0..250   R
itemDescribe  C0..1000  o
barCode       C0..50    o
unit          C3        R
currency      C3        R
qty           N19,5     R
price         N19,5     R
totalPrice    N19,5     R
note          C0..1000  o

kind CEB403 Receipts 100 export out -
title 收款单 | proceeds received
keys ebcCode orderNo payNo
head -
use shared
ebpCode         C0..18    R
ebpName         C0..100   R
ebcCode         C0..18    R
ebcName         C0..100   R
orderNo         C0..60    R
payCode         C0..18    o
payName         C0..100   R
payNo           C0..60    o
charge          N19,5     R
currency        C3        R
accountingDate  T14       R
note            C0..1000  o

kind CEB505 Logistics 100 export out -
title 运单 | waybill
keys logisticsCode logisticsNo
head -
use shared
logisticsCode  C0..18    R
logisticsName  C0..100   R
logisticsNo    C0..32    R
freight        N19,5     R
insuredFee     N19,5     R
currency       C3        R
grossWeight    N19,5     R
packNo         N9        R
goodsInfo      C0..200   R
ebcCode        C0..18    o
ebcName        C0..100   o
ebcTelephone   C0..50    o
note           C0..1000  o

kind CEB507 Arrival 100 export out -
title 运抵单 | arrival at the supervised site
keys copNo billNo msgSeqNo
head ArrivalHead
use shared
customsCode     C4        R
copNo           C0..30    R
preNo           C18       o
operatorCode    C0..18    R
operatorName    C0..100   R
loctNo          C0..10    o
ieFlag          C1        R
trafMode        C1        R
billNo          C0..37    o
domesticTrafNo  C0..100   R
logisticsCode   C0..18    R
logisticsName   C0..100   R
msgCount        N9        R
msgSeqNo        N9        R
note            C0..1000  o
lines ArrivalList 0..
gnum            N5        R
logisticsNo     C0..32    R
totalPackageNo  C0..37    o
note            C0..1000  o

kind CEB509 Departure 100 export out -
title 离境单 | departure
keys copNo msgSeqNo
head DepartureHead
use shared
customsCode    C4        R
copNo          C0..30    R
preNo          C18       o
logisticsCode  C0..18    R
logisticsName  C0..100   R
trafMode       C1        R
trafName       C0..100   o
voyageNo       C0..32    o
billNo         C0..37    o
leaveTime      T14       R
msgCount       N9        R
msgSeqNo       N9        R
note           C0..1000  o
lines DepartureList 1..
gnum            N5        R
totalPackageNo  C0..37    o
logisticsNo     C0..32    R
note            C0..1000  o

kind CEB603 Inventory 100 export out -
title 申报清单 | declaration list
keys copNo orderNo
head InventoryHead
use shared
customsCode     C4        R
ebpCode         C0..18    R
ebpName         C0..100   R
orderNo         C0..60    R
logisticsCode   C0..18    R
logisticsName   C0..100   R
logisticsNo     C0..32    R
copNo           C0..30    R
preNo           C18       o
invtNo          C0..20    o
ieFlag          C1        R
portCode        C4        R
ieDate          T8        R
statisticsFlag  C1        R  =A|B @text
agentCode       C0..18    R
agentName       C0..100   R
ebcCode         C0..18    R
ebcName         C0..100   R
ownerCode       C0..18    R
ownerName       C0..100   R
iacCode         C0..18    o
iacName         C0..100   o
emsNo           C0..30    o
tradeMode       C4        R
trafMode        C1        R
trafName        C0..100   o
voyageNo        C0..32    o
billNo          C0..37    o
totalPackageNo  C0..37    o
loctNo          C0..10    o
licenseNo       C0..19    o
country         C3        R
POD             C3..4     R  ~pod
freight         N19,5     R
fCurrency       C3        R
fFlag           C1        R  =3
insuredFee      N19,5     R
iCurrency       C3        R
iFlag           C1        R  =3
wrapType        C1        R
packNo          N9        R
grossWeight     N19,5     R
netWeight       N19,5     R
note            C0..1000  o
lines InventoryList 1..100
gnum          N5        R
itemNo        C0..20    R
itemRecordNo  C0..30    o
itemName      C0..250   o
gcode         C10       R
gname         C0..250   R
gmodel        C0..250   R
barCode       C0..50    R
country       C3        R
currency      C3        R
qty           N19,5     R
qty1          N19,5     R
qty2          N19,5     o
unit          C3        R
unit1         C3        R
unit2         C0..3     +qty2  @text
price         N19,5     R
totalPrice    N19,5     R
note          C0..1000  o

kind CEB605 InvtCancel 100 export out -
title 撤销申请单 | cancel request
keys copNo invtNo
head -
use shared
customsCode  C4        R
copNo        C0..30    R
preNo        C18       o
invtNo       C0..20    R
reason       C0..1000  R
agentCode    C0..18    R
agentName    C0..100   R  ~agengName
ebcCode      C0..18    R
ebcName      C0..100   R
note         C0..1000  o

kind CEB607 WayBill 100 export out -
title 总分单 | master and house list
keys copNo billNo msgSeqNo
head WayBillHead
use shared
customsCode     C4        R
copNo           C0..30    R
preNo           C18       o
agentCode       C0..18    R
agentName       C0..100   R
loctNo          C0..10    o
trafMode        C1        R
trafName        C0..100   R
voyageNo        C0..32    R
billNo          C0..37    R
domesticTrafNo  C0..100   o
grossWeight     N19,5     R
logisticsCode   C0..18    R
logisticsName   C0..100   R
msgCount        N9        R
msgSeqNo        N9        R
note            C0..1000  o
lines WayBillList 1..
gnum            N5        R
totalPackageNo  C0..60    o
logisticsNo     C0..32    R
invtNo          C0..20    o
note            C0..1000  o

kind CEB701 SummaryApply 100 export out -
title 汇总申请单 | summary application
keys copNo msgSeqNo
head SummaryApplyHead
use shared
customsCode    C4        R
copNo          C0..30    R
preNo          C0..18    o
sumNo          C0..18    o
agentCode      C0..18    R
agentName      C0..100   R
ebcCode        C0..18    R
ebcName        C0..100   R
declAgentCode  C0..18    R           ~declagAgentCode
declAgentName  C0..100   R
startTime      T14       +endTime    @text
endTime        T14       +startTime  @text
loctNo         C0..10    o
summaryFlag    C1        R
itemNameFlag   C1        R
msgCount       N9        R
msgSeqNo       N9        R
note           C0..1000  o
lines SummaryApplyList 0..
invtNo  C0..20  R

kind CEB213 InvtRefund 100 export out -
title 出口退货单 | return of retail exports
keys coElNo invtNo
head InvtRefundHead
use shared
customsCode    C4       R
loctNo         C0..10   o
ebpCode        C0..18   R
ebpName        C0..100  R
ebcCode        C0..18   R
ebcName        C0..100  R
logisticsNo    C0..80   R
logisticsCode  C0..18   R
logisticsName  C0..100  R
coElNo         C0..30   R
preNo          C0..18   o
invtNo         C0..20   R
tradeMode      C4       o
agentCode      C0..18   R
agentName      C0..100  R
billNo         C0..37   R
ieFlag         C0..1    R
trafMode       C0..1    R
trafName       C0..100  R
portCode       C0..4    R
reason         C0..500  R
country        C0..3    R
voyageNo       C0..32   R
note           C0..500  o
lines InvtRefundList 1..100
gnum    N4       R
gcode   C0..10   R
gname   C0..250  R
gmodel  C0..250  R
qty     N19,5    R
qty1    N19,5    R
unit    C3       R
unit1   C3       R
qty2    N19,5    o
unit2   C3       o
note    C0..500  o

kind CEB215 InvtRefundDetail 100 export out -
title 退运理货明细单 | tally list of returned exports
keys coElNo invtNo
head -
use shared
customsCode    C4       R
operatorCode   C0..18   R
operatorName   C0..100  R
logisticsCode  C0..18   R
logisticsName  C0..100  R
logisticsNo    C0..80   R
invtNo         C0..20   o
coElNo         C0..20   R
preNo          C0..18   o
billNo         C0..37   R
ieFlag         C1       R
trafMode       C1       R
trafName       C0..100  R
voyageNo       C0..32   R
location       C0..250  o
note           C0..250  o
"""
