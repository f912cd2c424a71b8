"""Bonded checklists (核注清单) of the special-zone system: INV101 in both forms, INV201, 202, 211.

Canonical names and types are those of the customs side; `->` gives an odd spelling of the import
form, else it writes the same name with a capital. `r` marks what only customs fills in. How the
import form names the sheets it gathers is known from nowhere: see assumed.toml.
"""

from typing import Final

from wms.customs.codecs.tables.books import LINE as BOOK_LINE
from wms.customs.codecs.tables.verdicts import VERDICT

TABLE: Final = f"""
block head
bondInvtNo             C0..64    o
chgTmsCnt              N19       o
invtPreentNo           C0..64    o
putrecNo               C0..64    o
etpsInnerInvtNo        C0..64    o
bizopEtpsSccd          C0..18    o
bizopEtpsno            C0..10    o
bizopEtpsNm            C0..512   o
rvsngdEtpsSccd         C0..18    o
rcvgdEtpsno            C0..10    o
rcvgdEtpsNm            C0..512   o
dclEtpsSccd            C0..18    o
dclEtpsno              C0..10    o
dclEtpsNm              C0..512   o
invtDclTime            TS        o
entryDclTime           TS        o
entryNo                C0..64    o
rltInvtNo              C0..64    o
rltPutrecNo            C0..64    o
rltEntryNo             C0..64    o
rltEntryBizopEtpsSccd  C0..18    o
rltEntryBizopEtpsno    C0..10    o
rltEntryBizopEtpsNm    C0..512   o
impexpPortcd           C0..4     o
dclPlcCuscd            C0..4     o
impexpMarkcd           C0..4     o
mtpckEndprdMarkcd      C0..4     o
supvModecd             C0..6     o
trspModecd             C0..6     o
stshipTrsarvNatcd      C0..3     o
applyNo                C0..64    o
dclcusFlag             C0..1     o
dclcusTypecd           C0..25    o
prevdTime              TS        o
formalVrfdedTime       TS        o
invtIochkptStucd       C0..4     o
vrfdedMarkcd           C0..4     o
invtStucd              C0..4     o
vrfdedModecd           C0..4     o
duCode                 C0..4     o
rmk                    C0..4000  o
bondInvtTypecd         C0..1     o
entryStucd             C0..1     o
passportUsedTypecd     C0..1     o
param1                 C0..64    o
param2                 C0..64    o
param3                 N19,5     o
param4                 TS        o
needEntryModified      C0..4     o  @seen
levyBlAmt              N19,5     o  @seen
dclTypecd              C0..1     o  @seen

block line
bondInvtNo        C0..64    o
chgTmsCnt         N19       o
gdsSeqno          N19       o
putrecSeqno       N19       o
gdsMtno           C0..32    o
gdecd             C0..10    o
gdsNm             C0..512   o
gdsSpcfModelDesc  C0..512   o
dclUnitcd         C0..3     o
lawfUnitcd        C0..3     o
secdLawfUnitcd    C0..3     o
natcd             C0..3     o
dclUprcAmt        N25,5     o
dclTotalAmt       N25,5     o
usdStatTotalAmt   N25,5     o
dclCurrcd         C0..3     o
lawfQty           N19,5     o
secdLawfQty       N19,5     o
wtSfVal           N19,5     o
fstSfVal          N19,5     o
secdSfVal         N19,5     o
dclQty            N19,5     o
grossWt           N19,5     o
netWt             N19,5     o
useCd             C0..4     o
lvyrlfModecd      C0..6     o
ucnsVerno         C0..8     o
entryGdsSeqno     N19       o
applyTbSeqno      N19       o
clyMarkcd         C0..4     o
rmk               C0..4000  o
actlPassQty       N19,5     o
passportUsedQty   N19,5     o
param1            C0..64    o
param2            C0..64    o
param3            N19,5     o
param4            TS        o

block released
seqNo       C0..18  o
bondInvtNo  C0..64  o
cbecBillNo  C1..20  R

block gathered
bondInvtNo  C0..64  o
sasStockNo  C1..18  R

kind INV101 InvtMessage 1 - out import
title 核注清单 | bonded checklist
keys etpsInnerInvtNo bondInvtNo
types head
head InvtHeadType,BondInvtBsc
bondInvtNo             .        o
invtPreentNo           .        o  ->SeqNo
putrecNo               .        R
etpsInnerInvtNo        .        R
bizopEtpsSccd          .        o
bizopEtpsno            .        R
bizopEtpsNm            .        R
rcvgdEtpsno            .        R
rvsngdEtpsSccd         .        o
rcvgdEtpsNm            .        R
dclEtpsSccd            .        o
dclEtpsno              .        R
dclEtpsNm              .        R
invtDclTime            TD       R
entryDclTime           TD       o
entryNo                .        o
rltInvtNo              .        o
rltPutrecNo            .        o
rltEntryNo             .        o
rltEntryBizopEtpsSccd  .        o
rltEntryBizopEtpsno    .        dclcusTypecd=1
rltEntryBizopEtpsNm    .        dclcusTypecd=1
impexpPortcd           C4       R
dclPlcCuscd            C4       R
dclcusTypecd           .        dclcusFlag=1
decType                C0..1    genDecFlag=1
impexpMarkcd           C1       R  =I|E
mtpckEndprdMarkcd      C1       R  =I|E
supvModecd             .        R
trspModecd             .        R
applyNo                .        o
dclcusFlag             C1       R  =1|2
genDecFlag             C1       R  =1|2
listType               C0..1    o
vrfdedMarkcd           .        r
inputCreditCode        C0..18   o
inputCode              C1..10   R
inputName              C1..512  R
inputTime              TD       R
icCardNo               C0..20   o
stshipTrsarvNatcd      C3       R
corrEntryDclEtpsSccd   C0..18   o
corrEntryDclEtpsNo     C0..10   dclcusTypecd=2
corrEntryDclEtpsNm     C0..512  dclcusTypecd=2
bondInvtTypecd         C1       R  ->InvtType
dclTypecd              C1       R  =1|2|3
rmk                    .        o
chgTmsCnt              .        r
prevdTime              .        r
formalVrfdedTime       .        r
invtIochkptStucd       .        r
invtStucd              .        r
listStat               C0..4    r
addTime                TS       r
vrfdedModecd           .        r
duCode                 .        r
entryStucd             .        r
passportUsedTypecd     .        r
param1                 .        o
param2                 .        o
param3                 .        o
param4                 .        o
needEntryModified      .        r
levyBlAmt              .        r
types line
lines InvtListType,BondInvtDt 0..
putrecSeqno       .     o
gdsSeqno          .     R
gdsMtno           .     R
gdecd             C10   R
gdsNm             .     R
gdsSpcfModelDesc  .     R
dclUnitcd         C3    R
lawfUnitcd        C3    R
secdLawfUnitcd    C3    o
natcd             C3    R
dclUprcAmt        .     R
dclTotalAmt       .     R
dclCurrcd         C3    R
lawfQty           .     R
secdLawfQty       .     +secdLawfUnitcd
dclQty            .     R
grossWt           .     o
netWt             .     o
wtSfVal           .     o
fstSfVal          .     o
secdSfVal         .     o
useCd             .     o
lvyrlfModecd      .     R
ucnsVerno         .     o
entryGdsSeqno     .     o
applyTbSeqno      .     o
destinationNatcd  C3    R
clyMarkcd         .     R
modfMarkcd        C1    R  =0|1|2|3
rmk               .     o
bondInvtNo        .     r
chgTmsCnt         .     r
usdStatTotalAmt   .     r
actlPassQty       .     r
passportUsedQty   .     r
param1            .     o
param2            .     o
param3            .     o
param4            .     o
types released
part InvtCbecBill,InvtCbecBillType,BondInvtCbecBillDt 0..
seqNo       .  o
bondInvtNo  .  o
cbecBillNo  .  R

kind INV101 INV101 1 - out customs
title 核注清单 | bonded checklist
keys etpsInnerInvtNo bondInvtNo
head BondInvtBsc,InvtHeadType
use head
lines BondInvtDt,InvtListType 0..
use line
part InvtCbecBill,BondInvtCbecBillDt,InvtCbecBillType 0..
use released
part SasCentDclStock 0..
use gathered

kind INV201 INV201 1 - in customs
title 核注清单审核回执 | receipt: verdict on a checklist
keys etpsInnerInvtNo bondInvtNo
head BondInvtBsc,InvtHeadType
use head
lines BondInvtDt,InvtListType 0..
use line
{VERDICT}
part BwsDt 0..
{BOOK_LINE}
part InvtCbecBill,InvtCbecBillType,BondInvtCbecBillDt 0..
use released

kind INV202 INV202 1 - in customs
title 核注清单生成报关单回执 | receipt: declaration made of a checklist
keys businessId entrySeqNo manageResult
head InvApprResult
invPreentNo   C0..64    o
businessId    C0..64    o
entrySeqNo    C0..18    o
manageResult  C1        R
createDate    TS        o
reason        C0..4000  o
part CheckInfo 0..
note          C0..1000  o

kind INV211 INV211 1 - in customs
title 核注清单记账回执 | receipt: posting of a checklist
keys etpsInnerInvtNo bondInvtNo
head BondInvtBsc,InvtHeadType
use head
lines BondInvtDt,InvtListType 0..
use line
{VERDICT}
part BwsDt 0..
{BOOK_LINE}
part InvtCbecBill,InvtCbecBillType,BondInvtCbecBillDt 0..
use released
"""
