"""Release sheets (核放单) of the special-zone system: SAS121 in both forms, SAS221 to 224.

Canonical names and types are those of the customs side; receipts in traffic order them otherwise
and write `passID`.
"""

from typing import Final

from wms.customs.codecs.tables.verdicts import VERDICT

_RECEIPT: Final = f"""
head SasPassportBsc,PassportHead
use head
lines SasPassportDt,PassportList,PassPortList 0..
use line
{VERDICT}
part PassportAcmp,SasPassportRlt 0..
use related
"""

TABLE: Final = f"""
block head
passportNo           C0..24    o
sasPassportPreentNo  C0..18    o
passportTypecd       C0..1     o
dclTypecd            C0..1     o
ioTypecd             C0..1     o
bindTypecd           C0..1     o
masterCuscd          C0..4     o
rltTbTypecd          C0..1     o
rltNo                C0..2000  o
areainOriactNo       C0..64    o  @client
areainEtpsno         C0..10    o
areainEtpsNm         C0..512   o
areainEtpsSccd       C0..18    o
vehicleNo            C0..32    o
vehicleIcNo          C0..64    o
containerNo          C0..64    o
vehicleWt            N19,5     o
vehicleFrameNo       C0..64    o
vehicleFrameWt       N19,5     o
containerType        C0..4     o
containerWt          N19,5     o
totalWt              N19,5     o
passCollectWt        N19,5     o
wtError              N19,5     o
totalGrossWt         N19,5     o
totalNetWt           N19,5     o
dclErConc            C0..255   o
dclEtpsno            C0..10    o  @client
dclEtpsNm            C0..512   o  @client
dclEtpsSccd          C0..18    o  @client
inputCode            C0..10    o  @client
inputName            C0..512   o  @client
inputSccd            C0..18    o  @client
etpsPreentNo         C0..64    o  @client
dclTime              TS        o
passId               C0..64    o
secdPassId           C0..64    o
passTime             TS        o
secdPassTime         TS        o
stucd                C0..1     o
emapvMarkcd          C0..1     o
logisticsStucd       C0..1     o
rmk                  C0..255   o
col1                 C0..255   o
col2                 C0..255   o
col3                 C0..255   o
col4                 C0..255   o
chgTmsCnt            N19       o
ownerSystem          C0..1     o

block line
passportNo     C0..24   o
passportSeqno  N19      o
gdsMtno        C0..32   o
gdecd          C0..10   o
gdsNm          C0..512  o
grossWt        N19,5    o
netWt          N19,5    o
rltGdsSeqno    N19      o
dclUnitcd      C0..3    o
dclQty         N19,5    o
rmk            C0..255  o
col1           C0..255  o
col2           C0..255  o
col3           C0..255  o
col4           C0..255  o
chgTmsCnt      N19      o

block related
passportNo   C0..24  o
rltNo        C0..64  o  ~rltBillNo ~RtlBillNo
rltTbTypecd  C0..1   o  ~rltBillTypecd ~RtlBillTypecd

kind SAS121 PassPortMessage 1 - out import
title 核放单 | release sheet
keys etpsPreentNo passportNo
types head
head PassportHead,SasPassportBsc
passportNo           .   o
sasPassportPreentNo  .   o  ->SeqNo
passportTypecd       C1  R  =1|2|3|4|5|6|7
masterCuscd          C4  R
dclTypecd            C1  R  =1|3
ioTypecd             C1  R  =I|E
bindTypecd           C1  R  =1|2|3
rltTbTypecd          .   o  =1|2|3
rltNo                .   o
areainOriactNo       .   o
areainEtpsno         .   R
areainEtpsNm         .   R
areainEtpsSccd       .   o
vehicleNo            .   R
vehicleIcNo          .   o
containerNo          .   o
vehicleWt            .   R
vehicleFrameNo       .   o
vehicleFrameWt       .   o
containerWt          .   o
containerType        .   o
totalWt              .   R
totalGrossWt         .   R
totalNetWt           .   R
dclErConc            .   R
dclEtpsno            .   R
dclEtpsNm            .   R
dclEtpsSccd          .   o
inputCode            .   R
inputName            .   R
inputSccd            .   o
dclTime              TD  R
etpsPreentNo         .   R
rmk                  .   o
col1                 .   o
col2                 .   o
col3                 .   o
col4                 .   o
passCollectWt        .   r
wtError              .   r
passId               .   r
secdPassId           .   r
passTime             .   r
secdPassTime         .   r
stucd                .   r
emapvMarkcd          .   r
logisticsStucd       .   r
chgTmsCnt            .   r
ownerSystem          .   r
types line
lines PassportList,PassPortList,SasPassportDt 0..
passportSeqno  .    R
rltGdsSeqno    .    R
gdsMtno        .    R
gdecd          C10  R
gdsNm          .    R
dclUnitcd      C3   R
dclQty         .    R
grossWt        .    R
netWt          .    R
rmk            .    o
passportNo     .    r
col1           .    o
col2           .    o
col3           .    o
col4           .    o
chgTmsCnt      .    r
types related
part PassportAcmp,SasPassportRlt 0..
seqNo        C0..18  o
passportNo   .       o  ->PassPortNo
rltTbTypecd  C1      R  ->RtlBillTypecd
rltNo        .       R  ->RtlBillNo

kind SAS121 SAS121 1 - out customs
title 核放单 | release sheet
keys etpsPreentNo passportNo
head SasPassportBsc,PassportHead
use head
lines SasPassportDt,PassportList,PassPortList 0..
use line
part PassportAcmp,SasPassportRlt 0..
use related

kind SAS221 SAS221 1 - in customs
title 核放单审核回执 | receipt: verdict on a release sheet
keys passportNo stucd
{_RECEIPT}
kind SAS222 SAS222 1 - in customs
title 核放单修改回执 | receipt: change of a release sheet
keys passportNo stucd
{_RECEIPT}
kind SAS223 SAS223 1 - in customs
title 核放单过卡回执 | receipt: gate pass
keys passportNo stucd
{_RECEIPT}
kind SAS224 SAS224 1 - in customs
title 核放单查验处置回执 | receipt: inspection disposal
keys passportNo stucd
{_RECEIPT}
"""
