"""A task of the tests: put three boxes on a shelf, box and shelf in turns."""

from wms.kernel.errors import Conflict, Unavailable
from wms.scans.tasks import ScanTask
from wms.scans.terms import Job, Outcome, Prompt, ScanStep, say

BOX = Prompt("box", say("scans.demo.box"), say("scans.demo.any"))
SHELF = Prompt("place", say("scans.demo.shelf"), big="A-03-12")


def shelve(tx, read, state):
    """Take a box, then its shelf; every negative outcome has a code that brings it about."""
    done, box = state.get("done", 0), state.get("box")
    job = Job(say("scans.demo.shelf"), done, 3, "scans.unit.box")
    ask = SHELF if box else BOX

    def negative(outcome, meaning):
        step = ScanStep(outcome, say("scans.not_now"), read.code, say(meaning), ask.text, ask, job)
        return step, state

    if read.code == "CMD-UNDO":
        step = ScanStep(Outcome.ACCEPTED, say("scans.demo.undone"), read.code, None, None, BOX, job)
        return step, {"done": done}
    if read.code == "LOCKED":
        tx.note("shelf", read.code, after="half done")
        raise Conflict("scans.demo.locked", read=read.code)
    if read.code == "LATER":
        raise Unavailable("web.unavailable")
    if read.code == "OTHER":
        return negative(Outcome.WRONG_ONE, "scans.demo.shelf")
    if not read.code.startswith("BOX" if box is None else "A-"):
        return negative(Outcome.WRONG_KIND, "scans.demo.shelf")
    if box is None:
        step = ScanStep(
            Outcome.ACCEPTED, say("scans.demo.taken"), read.code, None, None, SHELF, job, note="×24"
        )
        return step, {"done": done, "box": read.code}
    job = Job(say("scans.demo.shelf"), done + 1, 3, "scans.unit.box")
    said = say("scans.demo.shelved", box=box, shelf=read.code)
    step = ScanStep(Outcome.ACCEPTED, said, read.code, None, None, BOX, job, note=box)
    return step, {"done": done + 1}


SHELVE = ScanTask("shelve", "scans.use", "scans.demo.title", shelve, BOX)
SIGN = ScanTask("sign", "audit.sign", "scans.demo.title", shelve, BOX)
