"""A small server that speaks the scan protocol, and can be stopped, to test the handheld's side."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import BaseWSGIServer, make_server

from wms.db.transaction import Doorway, make_engine
from wms.kernel.actor import Actor
from wms.kernel.ids import SiteId, id_from
from wms.web import install, session
from wms.web.identity import needs, public
from wms.web.layout import Entry, Group, render
from wms.web.messages import language

CLERK = Actor(
    id_from("actor", "clerk"), "陈雅琳", "person", SiteId(1), frozenset({"scans.use", "gate.see"})
)
CLERK_TWO = replace(CLERK, actor_id=id_from("actor", "two"), name="李雷")
PROMPT = {"icon": "label", "text": "扫托盘标签", "help": "任意一托都可以", "big": None}
JOB = {"title": "一线入区 QD311126I…098849", "done": 17, "total": 40, "unit": "托"}


def step(outcome: str, code: str, done: int, **more: Any) -> dict[str, Any]:
    """Return a ScanStep as the wire carries it."""
    return {
        "outcome": outcome,
        "say": "已收 1 托",
        "detail": None,
        "read": code,
        "meaning": None,
        "expected": None,
        "prompt": PROMPT,
        "job": {**JOB, "done": done},
        "note": "24 箱",
        **more,
    }


NEGATIVE = {
    "BAD": step(
        "unknown_code",
        "6921830055715",
        17,
        say="不认识的码",
        detail="没有收，已记入「未知码」",
        meaning="没有登记的条码",
        expected="托盘标签，LPN 开头",
    ),
    "KIND": step(
        "wrong_kind",
        "A-03-12-2",
        17,
        say="种类不对",
        detail="没有收，请扫托盘标签",
        meaning="一个库位",
        expected="托盘标签，LPN 开头",
    ),
    "OTHER": step(
        "wrong_one",
        "LPN 3111 2611 26 0931",
        17,
        say="不是这一票",
        detail="没有收，请放到一边",
        meaning="托盘，属于 QD…098850",
        expected="QD…098849 的托盘",
    ),
    "NOW": step(
        "not_now",
        "LPN 3111 2611 26 0424",
        17,
        say="现在不能收",
        detail="海关布控，等查验结果",
        meaning="本票托盘，查验未结束",
        expected="本票其他 22 托",
    ),
    "TWICE": step("again", "…", 17, say="多 1 箱，确认吗", detail="申报 24 箱，标签 25 箱"),
}


def view(
    mark: Callable[[Callable[[], Response]], Callable[[], Response]], method: Callable[[], Response]
) -> Callable[[], Response]:
    """Return a method as a view that can carry a mark."""

    def called() -> Response:
        return method()

    return mark(called)


class ScanServer:
    """The server: `rows` are the scans it has, in order; `posts` counts requests."""

    def __init__(self) -> None:
        self.rows: dict[str, str] = {}
        self.posts = 0
        self.lose_next = False
        self.signed_in = True
        self.person = CLERK
        self.app = self._app()
        self._server: BaseWSGIServer | None = None
        self.port = 0
        self.start()

    @property
    def codes(self) -> list[str]:
        return list(self.rows.values())

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        self._server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _app(self) -> Flask:
        app = Flask("scan_server", root_path=str(Path(__file__).parent))
        app.config.update(
            SECRET_KEY="k" * 32, SESSION_COOKIE_SECURE=False, PUBLIC_URL="http://localhost"
        )
        door = Doorway(make_engine("postgresql+psycopg://nobody@127.0.0.1:1/none"))
        navigation = (
            Group(None, (Entry("web.scan.tasks", "desk", "today", "gate.see", letter="t"),)),
            Group("web.docs.title", (Entry("web.keys.title", "other", "gate", "gate.see"),)),
        )
        install.install(
            app,
            door,
            lambda _request, _door: self.person if self.signed_in else None,
            navigation=navigation,
        )
        app.add_url_rule("/scan", "tasks", view(needs("scans.use"), self._tasks))
        app.add_url_rule("/scan/receive", "page", view(needs("scans.use"), self._page))
        app.add_url_rule(
            "/scan/receive/read", "read", view(needs("scans.use"), self._read), methods=["POST"]
        )
        app.add_url_rule("/", "desk", view(needs("gate.see"), self._desk))
        app.add_url_rule("/other", "other", view(needs("audit.see"), self._desk))
        app.add_url_rule("/fault", "fault", view(public, self._fault))
        app.add_url_rule("/sign", "sign", view(public, self._sign))
        return app

    def _sign(self) -> Response:
        response = jsonify(ok=True)
        session.keep(response, "session-1")
        return response

    def _fault(self) -> Response:
        raise RuntimeError("a fault on purpose")

    def _tasks(self) -> Response:
        return render("test_tasks.html")

    def _desk(self) -> Response:
        return render("test_desk.html", rows=len(self.rows))

    def _page(self) -> Response:
        english = language() == "en"
        prompt = {**PROMPT, "text": "Scan a pallet label", "help": "Any of them"}
        return render(
            "scan.html",
            title="Receive" if english else "收货",
            task="receive",
            read_url="/scan/receive/read",
            scan={"prompt": prompt if english else PROMPT, "job": JOB, "last": []},
        )

    def _read(self) -> Response:
        told = request.get_json()
        self.posts += 1
        self.rows.setdefault(told["op"], told["code"])
        if self.lose_next:
            self.lose_next = False
            request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        code = told["code"]
        if code == "GONE":
            answer = jsonify(code="scans.task_unknown", message="没有这项任务")
            answer.status_code = 404
            return answer
        if code in NEGATIVE:
            return jsonify(NEGATIVE[code])
        return jsonify(step("accepted", code, 17 + len(self.rows)))


@contextmanager
def running() -> Iterator[ScanServer]:
    """Run a scan server until the block ends."""
    server = ScanServer()
    try:
        yield server
    finally:
        server.stop()
