"""The scan screens: the list of tasks, one task, and what its scans are answered with."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request, url_for

from wms.scans import queries, rules
from wms.scans.errors import TaskForbidden, TaskUnknown
from wms.scans.queries import Scanned
from wms.scans.schemas import read_in
from wms.scans.service import Scans
from wms.scans.tasks import ScanTask
from wms.scans.terms import Job, Outcome, Prompt, Say, ScanRead, ScanStep
from wms.web.identity import actor, door, needs
from wms.web.layout import render
from wms.web.messages import t

_GOOD = (Outcome.ACCEPTED, Outcome.AGAIN)


def blueprint(tasks: Iterable[ScanTask]) -> Blueprint:
    """Return the scan screens of these tasks, in the order they are to be listed."""
    scans = Scans(tasks)
    pages = Blueprint("scans_pages", __name__, template_folder="templates")

    @pages.get("/scan")
    @needs("scans.use")
    def task_list() -> Response:
        """List the tasks the person may do."""
        return _task_list(scans)

    @pages.get("/scan/<name>")
    @needs("scans.use")
    def task(name: str) -> Response:
        """Show one task where the person stands in it."""
        return _task(_allowed(scans, name))

    @pages.post("/scan/<name>/read")
    @needs("scans.use")
    def read(name: str) -> Response:
        """Take one scan; the same scan again gets the same answer."""
        return _read(scans, name)

    return pages


def _task_list(scans: Scans) -> Response:
    who = actor()
    mine = [task for task in scans.tasks.values() if who.may(task.permission)]
    with door().read(who) as tx:
        standings = [queries.standing(tx, task) for task in mine]
    return render("scans/tasks.html", tasks=list(zip(mine, standings, strict=True)))


def _task(task: ScanTask) -> Response:
    with door().read(actor()) as tx:
        standing = queries.standing(tx, task)
        last = queries.last(tx, task.name)
    return render(
        "scan.html",
        title=t(task.title),
        task=task.name,
        read_url=url_for(".read", name=task.name),
        scan={
            "prompt": _prompt(standing.prompt),
            "job": _job(standing.job),
            "last": [_line(scanned) for scanned in last],
        },
    )


def _read(scans: Scans, name: str) -> Response:
    who = actor()
    members = read_in(request.get_json())
    op: UUID = members["op"]
    scan = ScanRead(who.site_id, op, name, rules.legible(members["code"]), members["at"])
    step = door().run(scans.take, scan, who, key=f"scan:{who.actor_id.hex}:{op.hex}")
    return jsonify(_step(op, step))


def _allowed(scans: Scans, name: str) -> ScanTask:
    task = scans.tasks.get(name)
    if task is None:
        raise TaskUnknown(name)
    if not actor().may(task.permission):
        raise TaskForbidden(task.permission)
    return task


def _step(op: UUID, step: ScanStep) -> dict[str, Any]:
    return {
        "op": str(op),
        "outcome": step.outcome,
        "say": _say(step.say),
        "detail": _say(step.detail),
        "read": step.read,
        "meaning": _say(step.meaning),
        "expected": _say(step.expected),
        "prompt": _prompt(step.prompt),
        "job": _job(step.job),
        "note": step.note,
    }


def _line(scanned: Scanned) -> dict[str, str | None]:
    step = scanned.step
    return {
        "op": str(scanned.op),
        "code": scanned.code,
        "at": scanned.happened_at.isoformat(),
        "outcome": step.outcome,
        "note": step.note if step.outcome in _GOOD else _say(step.say),
    }


def _prompt(prompt: Prompt) -> dict[str, str | None]:
    return {
        "icon": prompt.icon,
        "text": _say(prompt.text),
        "help": _say(prompt.help),
        "big": prompt.big,
    }


def _job(job: Job | None) -> dict[str, Any] | None:
    if job is None:
        return None
    return {
        "title": _say(job.title),
        "done": job.done,
        "total": job.total,
        "unit": t(job.unit),
    }


def _say(say: Say | None) -> str | None:
    return None if say is None else t(say.key, **say.facts)
