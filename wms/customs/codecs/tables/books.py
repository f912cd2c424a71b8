"""Logistics account books (物流账册) of the special-zone system: BWS101 in both forms, BWS201.

Canonical names and types are those of the customs side; the import form is the one seen.
"""

from typing import Final

from wms.customs.codecs.tables.verdicts import VERDICT

LINE: Final = """
bwsNo             C0..64    o
chgTmsCnt         N19       o
gdsSeqno          N19       R
inDate            TS        o
gdsMtno           C0..32    o
gdecd             C0..10    o
gdsNm             C0..512   o
gdsSpcfModelDesc  C0..512   o
natcd             C0..3     o
dclUnitcd         C0..3     o
lawfUnitcd        C0..3     o
secdLawfUnitcd    C0..3     o
dclUprcAmt        N25,5     o
dclCurrcd         C0..3     o
avgPrice          N25,5     o
totalAmt          N25,5     o
inQty             N19,5     o
inLawfQty         N19,5     o
inSecdLawfQty     N19,5     o
actlIncQty        N19,5     o  ~actlInc
actlRedcQty       N19,5     o  ~actlRedc
prevdIncQty       N19,5     o  ~prevdInc
prevdRedcQty      N19,5     o  ~prevdRedc
outDate           TS        o
limitDate         TS        o
inType            C0..1     o
invtNo            C0..18    o
invtGNo           N19       o
cusmExeMarkcd     C0..1     o
rmk               C0..255   o
modfMarkcd        C0..1     o
"""

TABLE: Final = f"""
block head
bwsNo            C0..64   o
chgTmsCnt        N19      o
etpsPreentNo     C0..18   o
dclTypecd        C0..1    o
bwlTypecd        C0..1    o
masterCuscd      C0..4    o
bizopEtpsno      C0..10   o
bizopEtpsNm      C0..512  o
bizopEtpsSccd    C0..18   o
houseNo          C0..20   o
houseNm          C0..512  o
dclEtpsno        C0..10   o
dclEtpsNm        C0..512  o
dclEtpsSccd      C0..18   o
dclEtpsTypecd    C0..25   o
contactEr        C0..10   o
contactTele      C0..15   o
houseTypecd      C0..1    o
houseArea        N19,5    o
houseVolume      N19,5    o
houseAddress     C0..100  o
dclTime          TS       o
inputDate        TS       o
taxTypecd        C0..1    o
putrecApprTime   TS       o
chgApprTime      TS       o
finishValidDate  TS       o
pauseChgMarkcd   C0..1    o
emapvStucd       C0..1    o
dclMarkcd        C0..1    o
appendTypecd     C0..1    o
rmk              C0..255  o
ownerSystem      C0..1    o

block line
{LINE}

kind BWS101 BwlMessage 1 - out import
title 物流账册备案、变更 | account book: filing and change
keys etpsPreentNo bwsNo
types head
head BwlHead,BwsBsc
seqNo            C0..18  o
bwsNo            .       o  ->BwlNo
etpsPreentNo     .       R  @seen
dclTypecd        C1      R  ->DclTypeCd =1|2|3 @side
bwlTypecd        C1      R  ->BwlTypeCd
masterCuscd      C4      R
bizopEtpsSccd    .       o
bizopEtpsno      .       R
bizopEtpsNm      .       R
dclEtpsSccd      .       o
dclEtpsno        .       R
dclEtpsNm        .       R
dclEtpsTypecd    .       o  ->DclEtpsTypeCd
contactEr        .       o
contactTele      .       o
houseTypecd      .       o  ->HouseTypeCd
houseNo          .       o
houseNm          .       o
houseArea        .       o
houseVolume      .       o
houseAddress     .       o
dclTime          TD      o
taxTypecd        .       o  ->TaxTypeCd
finishValidDate  TD      o  ->FinishValidTime
appendTypecd     .       o  ->AppendTypeCd
rmk              .       o
inputCode        C0..10   o
inputSccd        C0..18   o
inputName        C0..512  o
usageTypecd      C0..1    o  ->UsageTypeCd
col1             C0..255  o
col2             C0..255  o
col3             C0..255  o
col4             C0..255  o
types line
lines BwlList,BwsDt 0..
seqNo             C0..18  o
gdsSeqno          .       R  ->GdsSeqNo
gdsMtno           .       R
gdecd             C10     R
gdsNm             .       R
gdsSpcfModelDesc  .       o
natcd             .       o  ->NatCd
dclUnitcd         C3      R  ->DclUnitCd
lawfUnitcd        C3      R  ->LawfUnitCd
secdLawfUnitcd    .       o  ->SecdLawfUnitCd
dclUprcAmt        .       o
dclCurrcd         .       o  ->DclCurrCd
modfMarkcd        .       o  ->MODF_MARKCD
invtNo            .       o
invtGNo           .       o
rmk               .       o
col1              C0..255  o
col2              C0..255  o
col3              C0..255  o
col4              C0..255  o

kind BWS101 BWS101 1 - out customs
title 物流账册备案、变更 | account book: filing and change
keys etpsPreentNo bwsNo
head BwsBsc,BwlHead
use head
lines BwsDt,BwlList 0..
use line

kind BWS201 BWS201 1 - in customs
title 物流账册审核回执 | receipt: account book
keys bwsNo etpsPreentNo
head BwsBsc
use head
lines BwsDt 0..
use line
{VERDICT}
"""
