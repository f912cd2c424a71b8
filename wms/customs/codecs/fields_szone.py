"""The field table of the special-zone messages (金关二期): checklist, sheet, receipts.

Names are those of the customs side; `->` gives the spelling of the import form a firm sends
(else the same with a capital). Rows stand in the order we write. `r` marks what only receipts hold.
"""

from dataclasses import replace

from wms.customs.codecs.table import Field, Part, Shape, fields


def _import_form(table: str) -> tuple[Field, ...]:
    return tuple(
        replace(one, written=one.name[0].upper() + one.name[1:]) if one.written == one.name else one
        for one in fields(table)
    )


CHECKLIST_HEAD = _import_form("""
bondInvtNo             C0..64    o
invtPreentNo           C0..64    o  ->SeqNo
putrecNo               C1..64    R
etpsInnerInvtNo        C1..64    R
bizopEtpsSccd          C0..18    o
bizopEtpsno            C1..10    R
bizopEtpsNm            C1..512   R
rcvgdEtpsno            C1..10    R
rvsngdEtpsSccd         C0..18    o
rcvgdEtpsNm            C1..512   R
dclEtpsSccd            C0..18    o
dclEtpsno              C1..10    R
dclEtpsNm              C1..512   R
invtDclTime            TD        R
entryDclTime           TD        o
entryNo                C0..64    o
rltInvtNo              C0..64    o
rltPutrecNo            C0..64    o
rltEntryNo             C0..64    o
rltEntryBizopEtpsSccd  C0..18    o
rltEntryBizopEtpsno    C0..10    dclcusTypecd=1
rltEntryBizopEtpsNm    C0..512   dclcusTypecd=1
impexpPortcd           C4        R
dclPlcCuscd            C4        R
dclcusTypecd           C0..25    dclcusFlag=1
decType                C0..1     genDecFlag=1
impexpMarkcd           C1        R  =I|E
mtpckEndprdMarkcd      C1        R  =I|E
supvModecd             C1..6     R
trspModecd             C1..6     R
applyNo                C0..64    o
dclcusFlag             C1        R  =1|2
genDecFlag             C1        R  =1|2
listType               C0..1     o
vrfdedMarkcd           C1        r
inputCreditCode        C0..18    o
inputCode              C1..10    R
inputName              C1..512   R
inputTime              TD        R
icCardNo               C0..20    o
stshipTrsarvNatcd      C3        R
corrEntryDclEtpsSccd   C0..18    o
corrEntryDclEtpsNo     C0..10    dclcusTypecd=2
corrEntryDclEtpsNm     C0..512   dclcusTypecd=2
bondInvtTypecd         C1        R  ->InvtType
dclTypecd              C1        R  =1|2|3
rmk                    C0..4000  o
chgTmsCnt              N19       r
prevdTime              TS        r
formalVrfdedTime       TS        r
invtIochkptStucd       C1        r
invtStucd              C1        r
listStat               C0..4     r
addTime                TS        r
vrfdedModecd           C0..4     r
duCode                 C0..4     r
entryStucd             C1        r
passportUsedTypecd     C1        r
param1                 C0..64    o
param2                 C0..64    o
param3                 N19,5     o
param4                 TS        o
needEntryModified      C0..4     r
levyBlAmt              N19,5     r
""")

CHECKLIST_LINE = _import_form("""
putrecSeqno       N19       o
gdsSeqno          N19       R
gdsMtno           C1..32    R
gdecd             C10       R
gdsNm             C1..512   R
gdsSpcfModelDesc  C1..512   R
dclUnitcd         C3        R
lawfUnitcd        C3        R
secdLawfUnitcd    C3        o
natcd             C3        R
dclUprcAmt        N25,5     R
dclTotalAmt       N25,5     R
dclCurrcd         C3        R
lawfQty           N19,5     R
secdLawfQty       N19,5     o
dclQty            N19,5     R
grossWt           N19,5     o
netWt             N19,5     o
wtSfVal           N19,5     o
fstSfVal          N19,5     o
secdSfVal         N19,5     o
useCd             C0..4     o
lvyrlfModecd      C1..6     R
ucnsVerno         C0..8     o
entryGdsSeqno     N19       o
applyTbSeqno      N19       o
destinationNatcd  C3        R
clyMarkcd         C1..4     R
modfMarkcd        C1        R  =0|1|2|3
rmk               C0..4000  o
bondInvtNo        C0..64    r
chgTmsCnt         N19       r
usdStatTotalAmt   N25,5     r
actlPassQty       N19,5     r
passportUsedQty   N19,5     r
param1            C0..64    o
param2            C0..64    o
param3            N19,5     o
param4            TS        o
""")

CBEC_BILL = Part(
    ("InvtCbecBill", "InvtCbecBillType", "BondInvtCbecBillDt"),
    _import_form("""
seqNo       C0..18  o
bondInvtNo  C0..64  o
cbecBillNo  C1..20  R
"""),
)

BOOK_LINE = Part(
    ("BwsDt",),
    fields("""
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
"""),
)

VERDICT = Part(
    ("HdeApprResult",),
    fields("""
etpsPreentNo  C0..64   o
businessId    C0..128  o
tmsCnt        N19      o
typecd        C0..1    o
manageResult  C1       R
manageDate    TS       o
rmk           C0..255  o
"""),
)

CHECK_INFO = Part(("CheckInfo",), fields("note  C0..1000  o"))

SHEET_HEAD = _import_form("""
passportNo           C0..24   o
sasPassportPreentNo  C0..18   o  ->SeqNo
passportTypecd       C1       R  =1|2|3|4|5|6|7
masterCuscd          C4       R
dclTypecd            C1       R  =1|3
ioTypecd             C1       R  =I|E
bindTypecd           C1       R  =1|2|3
rltTbTypecd          C0..1    o  =1|2|3
rltNo                C0..2000 o
areainOriactNo       C0..64   o
areainEtpsno         C1..10   R
areainEtpsNm         C1..512  R
areainEtpsSccd       C0..18   o
vehicleNo            C1..32   R
vehicleIcNo          C0..64   o
containerNo          C0..64   o
vehicleWt            N19,5    R
vehicleFrameNo       C0..64   o
vehicleFrameWt       N19,5    o
containerWt          N19,5    o
containerType        C0..4    o
totalWt              N19,5    R
totalGrossWt         N19,5    R
totalNetWt           N19,5    R
dclErConc            C1..255  R
dclEtpsno            C1..10   R
dclEtpsNm            C1..512  R
dclEtpsSccd          C0..18   o
inputCode            C1..10   R
inputName            C1..512  R
inputSccd            C0..18   o
dclTime              TD       R
etpsPreentNo         C1..64   R
rmk                  C0..255  o
col1                 C0..255  o
col2                 C0..255  o
col3                 C0..255  o
col4                 C0..255  o
passCollectWt        N19,5    r
wtError              N19,5    r
passId               C0..64   r
secdPassId           C0..64   r
passTime             TS       r
secdPassTime         TS       r
stucd                C0..1    r
emapvMarkcd          C0..1    r
logisticsStucd       C0..1    r
chgTmsCnt            N19      r
ownerSystem          C0..1    r
""")

SHEET_LINE = _import_form("""
passportSeqno  N19      R
rltGdsSeqno    N19      R
gdsMtno        C1..32   R
gdecd          C1..10   R
gdsNm          C1..512  R
dclUnitcd      C3       R
dclQty         N19,5    R
grossWt        N19,5    R
netWt          N19,5    R
rmk            C0..255  o
passportNo     C0..24   r
col1           C0..255  o
col2           C0..255  o
col3           C0..255  o
col4           C0..255  o
chgTmsCnt      N19      r
""")

SHEET_RELATED = Part(
    ("PassportAcmp", "SasPassportRlt"),
    _import_form("""
seqNo        C0..18  o
passportNo   C0..24  o  ->PassPortNo
rltTbTypecd  C1      R  ->RtlBillTypecd  ~rltBillTypecd
rltNo        C1..64  R  ->RtlBillNo      ~rltBillNo
"""),
)

FIRST_ANSWER = Part(
    ("CommonResponeMessage", "CommonResponseMessage"),
    fields("""
seqNo         C0..64    o  ->SeqNo
etpsPreentNo  C0..64    o  ->EtpsPreentNo
checkInfo     C0..4000  o  ->CheckInfo
dealFlag      C1..8     R  ->DealFlag
"""),
)

_CHECKLIST = Part(("InvtHeadType", "BondInvtBsc"), CHECKLIST_HEAD)
_CHECKLIST_LINES = Part(("InvtListType", "BondInvtDt"), CHECKLIST_LINE)
_SHEET = Part(("PassportHead", "SasPassportBsc"), SHEET_HEAD)
_SHEET_LINES = Part(("PassportList", "PassPortList", "SasPassportDt"), SHEET_LINE)


def _checklist_receipt(kind: str) -> Shape:
    return Shape(
        kind,
        kind,
        _CHECKLIST.relaxed(),
        lines=_CHECKLIST_LINES.relaxed(),
        parts=(VERDICT, CHECK_INFO, BOOK_LINE, CBEC_BILL),
        writable=False,
    )


def _sheet_receipt(kind: str) -> Shape:
    return Shape(
        kind,
        kind,
        _SHEET.relaxed(),
        lines=_SHEET_LINES.relaxed(),
        parts=(VERDICT, CHECK_INFO, SHEET_RELATED),
        writable=False,
    )


SHAPES = {
    shape.kind: shape
    for shape in (
        Shape(
            "INV101",
            "InvtMessage",
            _CHECKLIST,
            lines=_CHECKLIST_LINES,
            parts=(CBEC_BILL,),
            documents=1,
            max_lines=9999,
        ),
        _checklist_receipt("INV201"),
        _checklist_receipt("INV211"),
        Shape(
            "SAS121",
            "PassPortMessage",
            _SHEET,
            lines=_SHEET_LINES,
            parts=(SHEET_RELATED,),
            documents=1,
            max_lines=9999,
        ),
        _sheet_receipt("SAS221"),
        _sheet_receipt("SAS223"),
        Shape("FirstAnswer", "CommonResponeMessage", FIRST_ANSWER, wrapped=False, writable=False),
    )
}
"""Shape by kind. `FirstAnswer` is the import client's own answer, before customs looks."""
