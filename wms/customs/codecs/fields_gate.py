"""The field table of the gate message 0x81 GATHER_INFO (JGS/T 14-2015), as far as we write it.

The gate's own platform tells customs that a truck has passed. Where that platform is ours, this
letter carries it: FORM_TYPE `rmft` and FORM_ID name the release sheet.
"""

from wms.customs.codecs.table import Part, Shape, fields

FORM = Part(("FORM_INFO",), fields("FORM_TYPE C1..8 R\nFORM_ID C1..64 R"))

GATHER = Part(
    ("GATHER_INFO",),
    fields("""
I_E_FLAG       C1       R  =I|E
AREA_ID        C1..20   R
CHNL_NO        C1..20   R
GETHER_MODE    C1       o  =A|M|B
SESSION_ID     C1..64   R
DR_CUSTOMS_NO  C0..20   o
VE_CUSTOMS_NO  C0..20   o
VE_LICENSE_NO  C1..32   R
CONTA_ID       C0..64   o
ESEAL_ID       C0..255  o
GROSS_WT       N19,5    o
OPERATOR_ID    C0..64   o
OPERATE_TIME   TS       R
"""),
)

SHAPES = {
    "GATE81": Shape("GATE81", "GATHER_INFO", GATHER, wrapped=False, parts=(FORM,), documents=1),
}
"""Shape by kind."""
