"""Business forms (业务申报表) and in/out sheets (出入库单): SAS101, SAS111 and their receipts.

Only the customs-side form is known; the names of the import form stand in assumed.toml. Numbers of
the 2017 schemas are doubles without digits: they take those of the checklist.
"""

from typing import Final

from wms.customs.codecs.tables.verdicts import VERDICT

TABLE: Final = f"""
block form
sasDclNo          C0..64    o
chgTmsCnt         N19       o
masterCuscd       C0..4     o
sasDclPreentNo    C0..64    o
dclTypecd         C0..1     o
businessTypecd    C0..4     o
directionTypecd   C0..4     o
areainOriactNo    C0..64    o
areaoutOriactNo   C0..64    o
areainEtpsno      C0..10    o
areainEtpsNm      C0..512   o
areainEtpsSccd    C0..18    o
areaoutEtpsno     C0..10    o
areaoutEtpsNm     C0..512   o
areaoutEtpsSccd   C0..18    o
dpstLevyBlNo      C0..64    o
validTime         TS        o
exhibitionPlace   C0..255   o
dclEr             C0..255   o
dclTime           TS        o
putrecEmapvTime   TS        o
chgEmapvTime      TS        o
clsCaseTime       TS        o
emapvMarkcd       C0..4     o
dclTbStucd        C0..4     o
rmk               C0..4000  o
col1              C0..255   o
col2              C0..255   o
col3              C0..255   o
col4              C0..255   o
ownerSystem       C0..1     o
emapvDescription  C0..4000  o

block formline
sasDclNo            C0..64    o
sasDclSeqno         N19       o
chgTmsCnt           N19       o
mtpckEndprdTypecd   C0..4     o
oriactGdsSeqno      N19       o
gdecd               C0..10    o
gdsNm               C0..512   o
gdsSpcfModelDesc    C0..512   o
dclQty              N19,5     o
dclUnitcd           C0..3     o
dclUprcAmt          N25,5     o
dclTotalAmt         N25,5     o
dclCurrcd           C0..3     o
licenceNo           C0..64    o
licenceValidTime    TS        o
actlAreaoutQty      N19,5     o
actlAreainQty       N19,5     o
gdsMarkcd           C0..4     o
gdsRmk              C0..4000  o
invtVdedtQty        N19,5     o
rcntVdedtTime       TS        o
modfMarkcd          C0..1     o
rmk                 C0..4000  o
col1                C0..255   o
col2                C0..255   o
col3                C0..255   o
col4                C0..255   o

block stock
sasStockNo            C0..18    o
sasStockPreentNo      C0..64    o
dclTypecd             C0..1     o
sasDclNo              C0..64    o
masterCuscd           C0..4     o
stockTypecd           C0..1     o  =I|E
rltBondInvtNo         C0..64    o
businessTypecd        C0..4     o
centralizedDclTypecd  C0..1     o
rltSasStockNo         C0..18    o
dclEr                 C0..255   o
dclTime               TS        o
packageQty            N19,5     o
grossWt               N19,5     o
netWt                 N19,5     o
packType              C0..4     o
levyBlAmt             N19,5     o
passTypecd            C0..4     o
passportUsedTypecd    C0..4     o
stucd                 C0..4     o
emapvMarkcd           C0..4     o
rmk                   C0..4000  o
col1                  C0..255   o
col2                  C0..255   o
col3                  C0..255   o
col4                  C0..255   o
chgTmsCnt             N19       o
ownerSystem           C0..1     o
emapvDescription      C0..4000  o

block stockline
sasStockNo        C0..18    o
sasStockSeqno     N19       o
sasDclSeqno       N19       o
oriactGdsSeqno    N19       o
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
clyMarkcd         C0..4     o
actlPassQty       N19,5     o
passportUsedQty   N19,5     o
replaceQty        N19,5     o
rltStockSeqno     N19       o
rmk               C0..4000  o
col1              C0..255   o
col2              C0..255   o
col3              C0..255   o
col4              C0..255   o
chgTmsCnt         N19       o

kind SAS101 SAS101 1 - out customs
title 业务申报表 | business form
keys sasDclPreentNo sasDclNo
head SasDclBsc
use form
lines SasDclDt 0..
use formline

kind SAS201 SAS201 1 - in customs
title 业务申报表审核回执 | receipt: business form
keys sasDclPreentNo sasDclNo
head SasDclBsc
use form
lines SasDclDt 0..
use formline
{VERDICT}

kind SAS111 SAS111 1 - out customs
title 出入库单 | in/out sheet
keys sasStockPreentNo sasStockNo
head SasStockBsc
use stock
lines SasStockDt 0..
use stockline

kind SAS211 SAS211 1 - in customs
title 出入库单审核回执 | receipt: in/out sheet
keys sasStockPreentNo sasStockNo
head SasStockBsc
use stock
lines SasStockDt 0..
use stockline
{VERDICT}
"""
