"""What each answer of the special zone (金关二期) carries, and the client's first answer."""

from typing import Final

VERDICT: Final = """
part HdeApprResult 0..1
etpsPreentNo  C0..64   o
businessId    C0..128  o
tmsCnt        N19      o
typecd        C0..1    o
manageResult  C1       R
manageDate    TS       o
rmk           C0..255  o
part CheckInfo 0..
note          C0..1000  o
"""

TABLE: Final = """
kind FirstAnswer CommonResponeMessage,CommonResponseMessage 1 - in customs
title 客户端首次回应 | first answer of the import client
keys etpsPreentNo dealFlag
head -
seqNo         C0..64    o  ->SeqNo
etpsPreentNo  C0..64    o  ->EtpsPreentNo
checkInfo     C0..4000  o  ->CheckInfo
dealFlag      C1..8     R  ->DealFlag
"""
