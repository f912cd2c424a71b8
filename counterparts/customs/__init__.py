"""Customs and the single-window import client, played for development.

Start it as its own process::

    python -m counterparts.customs --root DIR [--seed N] [--script FILE]
    python -m counterparts.customs --root DIR --book T6409W990001     # customs' own figures, JSON

It watches `DIR/OutBox`, moves each letter to `SentBox` (or `FailBox`) and writes what the client
and customs would answer into `InBox`. It knows nothing of wms: what it believes about books, lists
and sheets comes from the letters alone, so its figures are a second opinion. State is one SQLite
file, `DIR/customs-state/state.db`; after a restart an answer may come twice.
Nothing sleeps for effect: delays are counted in polls (20 to 50 ms each when idle).

What is answered
----------------
- **CEB311, 411, 511**: 312, 412, 512 with 120.
- **CEB621**: 622 with 2, 3 and 120, then 800 one poll later. A list declared again, or a second
  list for one order, is -621004, a change of one that was not rejected -621012, of one that is not
  there -621011. A book opened by the script is guarded: a list that takes more than is left is
  rejected (100). A list that is not rejected holds its quantity as 预减 until the type-8 checklist
  that carries it is posted.
- **INV101**: the client's `Successed_<letter>` at once, INV201 next poll with `QD…` and the lines.
  Type 8 must name released lists that stand on no other checklist, and its lines must add up to
  theirs, else INV201 result 3. dclTypecd 2 (before posting) replaces the lines, without those of
  modfMarkcd 2; 3 deletes.
  A line without putrecSeqno goes to its SKU's line of the book, or to a line of its own in a book
  that the script calls non-cumulative; INV201 names it. One of mode 9700 says what is missing: no
  gate is waited for. A type 6 names its other half (rltInvtNo,
  our number of it): both are posted together, two polls after the second is approved.
- **SAS121**: `Successed_<letter>`, SAS221 with `Z…`. The checklists it names must be approved and
  the weights must add up, else result 3. dclTypecd 3 voids a sheet that has not passed. The same
  EtpsPreentNo again is a duplicate (`Failed_<letter>`), **except with Col1 = 1: that confirms the
  arrival of inbound goods**; it is sent after the gate and after any change of the checklist.
- **GATE81** (`GATHER_INFO`, FORM_TYPE rmft, FORM_ID = sheet number): what the gate platform tells
  customs when a truck has passed. SAS223 result 1 (2 when plate, direction or state do not fit).
- **INV211**, the posting, with customs' figures of each book line (BwsDt): when every sheet of the
  checklist has passed, goods inbound are confirmed, and its declaration (dclcusFlag 1) is released,
  which happens by itself two polls after approval.
- A letter that is no XML or of no known kind: FailBox, with CEB900 for a CEB file name and
  `Failed_<letter>` for others.

Trouble on demand
-----------------
The script is JSON, read again whenever it changes (default `DIR/customs-state/script.json`)::

    {"numbers": {"<number>": ["inspect", "duplicate"], ...},
     "permille": {"inspect": 20, "reject": 5},
     "books": {"T6409W990001": {"1": "240"}},
     "non_cumulative": ["T6409W990002"]}

A number is the orderNo, copNo or logisticsNo of a list; the orderNo, payTransactionId or
logisticsNo of the others; the etpsInnerInvtNo of a checklist; the EtpsPreentNo of a sheet.
`permille` draws by the hash of seed and number, the same in every run, for numbers the script does
not name. Words act on the first attempt only (a corrected letter is then taken; lists
are counted by order), unless the list also holds `always`.

=============== ================================================================================
word            what happens
=============== ================================================================================
examine         a 399 before the 800
reject          100 instead of 120 and 800 (lists and the three documents)
inspect         500, and 800 four polls later
hold, detain    500 or 501, and no more
return          700 instead of 800
error:-621008   that negative code first; then all goes on (it was sent to customs all the same)
error:-621009   that code alone, and so for every other: the list waits to be declared again
unknown         a code of no list (18) besides
manual          INV201, SAS221: result 2 first, 1 three polls later
refuse          INV201, SAS221: result 3
not_passed      SAS223: result 2; the next report of the same sheet passes
client_refuses  the client itself refuses: `Failed_<letter>`, letter to FailBox
duplicate       every receipt twice
disorder        the receipts in reverse order, customs' times unchanged
late:N          every receipt N polls later
broken          a half-written file of rubbish before the receipts
lost            no receipt at all
=============== ================================================================================
"""
