"""People at the HTTP door: signed in with password or badge, or a machine with its token."""

import http.client
import json
import re
import time
import uuid
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from counterparts.day.errors import CannotBeginError, RefusedError

Json = Any
PASSWORD: Final = "demo-only-1"  # noqa: S105 - of the demo alone, printed by `make run`
PIN: Final = "4711"
SECONDS: Final = 60.0


class Caller:
    """One connection to the system; opened again when the server has closed it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._open = http.client.HTTPConnection(*self._address, timeout=SECONDS)
        self.headers: dict[str, str] = {"Accept": "application/json"}

    def ask(
        self, method: str, path: str, body: bytes | None = None, media: str = "application/json"
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        """Return status, body and headers; a request is sent again once, with the same key."""
        headers = dict(self.headers)
        if body is not None:
            headers["Content-Type"] = media
        if method != "GET":
            headers["Idempotency-Key"] = uuid.uuid4().hex  # noqa: TID251 - a client has its own ids
        for last in (False, True):
            try:
                self._open.request(method, path, body, headers)
                answer = self._open.getresponse()
                return answer.status, answer.read(), answer.headers
            except (http.client.HTTPException, ConnectionError) as error:
                self._open.close()
                if last:
                    raise CannotBeginError(f"{self._where}{path}: {error!r}") from error
            except OSError as error:
                raise CannotBeginError(f"{self._where} does not answer: {error}") from error
        raise AssertionError

    @property
    def _where(self) -> str:
        return f"http://{self._address[0]}:{self._address[1]}"

    def get(self, path: str, **query: str | int) -> Json:
        """Return what a GET answers; raise RefusedError."""
        asked = f"{path}?{urlencode(query)}" if query else path
        return _told(*self.ask("GET", asked)[:2])

    def post(self, path: str, body: Json = None, media: str = "application/json") -> Json:
        """Return what a POST answers; raise RefusedError."""
        if isinstance(body, bytes):
            return _told(*self.ask("POST", path, body, media)[:2])
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        return _told(*self.ask("POST", path, data)[:2])

    def put(self, path: str, body: Json) -> Json:
        """Return what a PUT answers; raise RefusedError."""
        return _told(*self.ask("PUT", path, json.dumps(body, ensure_ascii=False).encode())[:2])

    def patient_post(self, path: str, body: Json, seconds: float) -> Json:
        """Post again and again while the door says `not now` (429, 503)."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return self.post(path, body)
            except RefusedError as refused:
                if refused.status not in {429, 503} or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


class Person(Caller):
    """Somebody of the demo site, signed in as a browser is: cookie and form token."""

    def __init__(self, url: str, login: str) -> None:
        super().__init__(url)
        self._sign_in("/sign-in", {"login": login, "password": PASSWORD})

    def _sign_in(self, path: str, form: dict[str, str]) -> None:
        _, page, headers = self.ask("GET", path)
        self._keep_cookies(headers)
        found = re.search(rb'name="csrf" value="(\w+)"', page)
        if found is None:
            raise CannotBeginError(f"{self._where}{path} shows no form to sign in with")
        data = urlencode(form | {"csrf": found[1].decode()}).encode()
        status, _, headers = self.ask("POST", path, data, "application/x-www-form-urlencoded")
        if status not in {302, 303}:
            raise CannotBeginError(
                f"{self._where}{path} does not let {next(iter(form.values()))} in ({status}):"
                " is the demo site loaded?"
            )
        self._keep_cookies(headers)
        self.headers["X-CSRF"] = self.get("/csrf")["token"]

    def _keep_cookies(self, headers: http.client.HTTPMessage) -> None:
        kept = [one.split(";", 1)[0] for one in headers.get_all("Set-Cookie", [])]
        if kept:
            self.headers["Cookie"] = "; ".join(kept)


class Scanner(Person):
    """Somebody with a PDA: in by badge and PIN, scanning as the page's script does."""

    def __init__(self, url: str, badge: str) -> None:
        Caller.__init__(self, url)
        self._sign_in("/badge", {"badge": badge, "pin": PIN})

    def scan(self, task: str, code: str) -> Json:
        """Scan one code in a task and return the answer."""
        return self.send(task, self.read(code))

    def read(self, code: str) -> Json:
        """Return a scan as the device keeps it until the server has answered."""
        return {
            "op": str(uuid.uuid4()),  # noqa: TID251 - a PDA has its own ids
            "code": code,
            "at": datetime.fromtimestamp(time.time(), UTC).isoformat(),
        }

    def send(self, task: str, read: Json) -> Json:
        """Send a scan that was read, for the first time or again."""
        return self.patient_post(f"/scan/{task}/read", read, SECONDS)


class Machine(Caller):
    """A program that acts for a person with a token of its own."""

    def __init__(self, url: str, secret: str) -> None:
        super().__init__(url)
        self.headers["Authorization"] = f"Bearer {secret}"


def token_for(person: Person, name: str, *scopes: str) -> str:
    """Let a person issue a token for a machine; it ends by itself after a day."""
    ends = datetime.fromtimestamp(time.time() + 86400, UTC).isoformat()
    issued = person.post("/api/tokens", {"name": name, "scopes": scopes, "expires_at": ends})
    return str(issued["secret"])


def _told(status: int, body: bytes) -> Json:
    try:
        told = json.loads(body) if body else None
    except ValueError:
        told = None
    if 200 <= status < 300:
        return told
    said = told if isinstance(told, dict) else {}
    message = f"{said.get('message', '')} {said.get('fields') or ''}".strip()
    raise RefusedError(status, str(said.get("code", "")), message[:500])
