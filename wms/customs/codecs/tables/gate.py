"""The messages of the smart gate (JGS/T 14-2015, section 4), 0x81 to 0x85.

The gate's own platform tells customs that a truck has passed. Where that platform is ours, 0x81
carries it: FORM_TYPE `rmft` and FORM_ID name the release sheet.
"""

from typing import Final

_IC: Final = """
IC_ID                C0..32   o
IC_NO                C0..64   o
IC_Type              C0..8    o
IC_EXTENDED_CONTENT  C0..4000  o
"""

_LANE: Final = """
AREA_ID     C1..20  R
CHNL_NO     C1..20  R
SESSION_ID  C1..64  R
"""

TABLE: Final = f"""
kind GATE81 GATHER_INFO 1 - out -
title 卡口采集信息 0x81 | gate: gathered data
keys SESSION_ID VE_LICENSE_NO
head -
I_E_FLAG     C1      R  =I|E
AREA_ID      C1..20  R
CHNL_NO      C1..20  R
GETHER_MODE  C1      o  =A|M|B
SESSION_ID   C1..64  R
part IC_INFO 0..1
{_IC}
part FORM_INFO 0..
FORM_TYPE  C0..8   o
FORM_ID    C0..64  o
fields
DR_CUSTOMS_NO  C0..20   o
VE_CUSTOMS_NO  C0..20   o
VE_LICENSE_NO  C1..32   R
CONTA_ID       C0..64   o
ESEAL_ID       C0..255  o
GROSS_WT       N19,5    o
part VE_RFID 0..
RFID_No         C0..64   o
VE_LICENSE_NO   C0..32   o
VE_CUSTOMS_NO   C0..20   o
VE_WT           N19,5    o
VE_COMPANY      C0..255  o
VE_PERFORMANCE  C0..20   o
part DR_RFID 0..
RFID_ID         C0..64   o
DR_NAME         C0..64   o
DR_CUSTOMS_NO   C0..20   o
DR_COMPANY      C0..255  o
DR_PERFORMANCE  C0..20   o
part PHOTO 0..
PHOTO_GUID         C0..64  o
PHOTO_PERSPECTIVE  C0..64  o
fields
OPERATOR_ID   C0..64  o
OPERATE_TIME  TS      R
part EXTEND 0..
NAME   C0..255   o
VALUE  C0..4000  o
part CONTA_RECOGNITION 0..
CONTA_ID          C0..64  o
CONTA_TYPE        C0..8   o
CONTA_LOCK        C0..8   o
CONFIDENCE_RATIO  C0..1   o  =Y|N
part VE_LICENSE_RECOGNITION 0..
DOMESTIC_LICENSE_NO     C0..32  o
DOMESTIC_LICENSE_COLOR  C0..16  o
FOREIGN_LICENSE_NO      C0..32  o
FOREIGN_LICENSE_COLOR   C0..16  o
CONFIDENCE_RATIO        C0..1   o  =Y|N

kind GATE82 GATHER_FEEDBACK 1 - in -
title 卡口采集反馈 0x82 | gate: verdict
keys SESSION_ID CHECK_RESULT
head -
{_LANE}
RELLIST_TYPE            C0..64    o
RELLIST_ID_TYPE         C0..64    o
RELLIST_ID              C0..64    o
FEEDBACK_TIME           TS        o
CHECK_RESULT            C1        R  =Y|N|M
INSTRUCTION             C0..4000  o
PROC_ERROR_CODE         C0..64    o
PROC_ERROR_DESCRIPTION  C0..4000  o
TECH_ERROR_CODE         C0..64    o
TECH_ERROR_DESCRIPTION  C0..4000  o
part IC_INFO 0..1
{_IC}
part VE_INFO 0..1
VE_CUSTOMS_NO   C0..20  o
VE_LICENSE_NO   C0..32  o
VE_LICENSE_NO2  C0..32  o
DR_CUSTOMS_NO   C0..20  o
DR_NAME         C0..64  o
TRAILER_ID      C0..64  o
WEIGHT_DIFF     S19,5   o
CHANNEL_WEIGHT  N19,5   o
GROSS_WEIGHT    N19,5   o
VEHICLE_WEIGHT  N19,5   o
fields
CONTA_ID  C0..64   o
ESEAL_ID  C0..255  o
SEAL_ID   C0..255  o
part FORM_INFO 0..
FORM_TYPE            C0..8   o
FORM_ID              C0..64  o
MASTER_CUSTOMS_CODE  C0..4   o
fields
PACK_NO            C0..20    o
DECL_PACK          C0..20    o
DECL_GOODS_WEIGHT  N19,5     o
OP_HINT            C0..4000  o
LED_HINT           C0..4000  o
EXTENDED_CONTENT   C0..4000  o

kind GATE83 OPERATE_INFO 1 - in -
title 卡口操作指令 0x83 | gate: command to a device
keys SESSION_ID
head -
AREA_ID     C0..20  o  @inferred
CHNL_NO     C0..20  o  @inferred
SESSION_ID  C0..64  o  @inferred
part GPS 0..
VE_CUSTOMS_NO   C0..20  o
GPS_ID          C0..64  o
ORIGIN_CUSTOMS  C0..8   o
DEST_CUSTOMS    C0..8   o
FORM_ID         C0..64  o
part ESEAL 0..
ESEAL_ID       C0..255   o
ESEAL_OPERATE  C1        R  =U|L
ESEAL_KEY      C0..4000  o
part GENERAL_DEVICE 0..
OPERATE   C0..64    o
DEVIC_ID  C0..64    o
ARGUMENT  C0..4000  o

kind GATE84 OPERATE_FEEDBACK 1 - out -
title 卡口操作反馈 0x84 | gate: what became of a command
keys SESSION_ID
head -
AREA_ID     C0..20  o  @inferred
CHNL_NO     C0..20  o  @inferred
SESSION_ID  C0..64  o  @inferred
part GPS 0..
VE_CUSTOMS_NO       C0..20    o
GPS_ID              C0..64    o
GPS_OPERATE         C0..1     o  =S|C
RESULT              C1        R  =0|1|2
RESULT_DESCRIPTION  C0..4000  o
part ESEAL 0..
ESEAL_ID            C0..255   o
ESEAL_OPERATE       C0..1     o  =U|L
RESULT              C1        R  =0|1|2
RESULT_DESCRIPTION  C0..4000  o
part GENERAL_DEVICE 0..
OPERATE             C0..64    o
DEVIC_ID            C0..64    o
RESULT              C1        R  =0|1|2
RESULT_DESCRIPTION  C0..4000  o

kind GATE85 MANUAL_CHECK 1 - out -
title 卡口人工处置 0x85 | gate: decision of a person
keys SESSION_ID CHECK_RESULT
head -
AREA_ID       C0..20    o  @inferred
CHNL_NO       C0..20    o  @inferred
SESSION_ID    C0..64    o  @inferred
CHECK_RESULT  C1        R  =1|2|3
COMMENT       C0..4000  o
OPERATOR_ID   C0..64    o
"""
