"""The data pull of GACC announcement 2018 no. 179: JSON between customs and a platform."""

from typing import Final

TABLE: Final = """
kind PULL-ASK request 1 - in -
title 数据抽查请求 | data pull: what customs asks for
keys sessionID orderNo
head -
orderNo      C1..60  R
sessionID    C36     R
serviceTime  N15     R

kind PULL-ANSWER answer 1 - out -
title 数据抽查应答 | data pull: the answer at once
keys code serviceTime
head -
code         C1..10    R
message      C0..1000  o
serviceTime  N15       R

kind PULL-DATA payExInfo 1 - out -
title 支付原始数据 | data pull: the data of a payment
keys sessionID
head -
sessionID    C36         R
serviceTime  N15         R
certNo       C1..100     R
signValue    C1..10000   R
part payExchangeInfoHead 1..1
guid              C36       R
initalRequest     C1..8000  R
initalResponse    C1..8000  R
ebpCode           C1..18    R
payCode           C1..18    R
payTransactionId  C1..60    R
totalAmount       N19,5     R
currency          C1..4     R
verDept           C1        R  =1|2|3
payType           C1        R  =1|2|3|4
tradingTime       T14       R
note              C0..1000  o
part payExchangeInfoLists 1..
orderNo      C1..60   R
recpAccount  C1..100  R
recpCode     C0..18   o
recpName     C1..100  R
"""

GOODS: Final = """
block goodsInfo
gname     C1..255   R
itemLink  C1..1000  R
"""
