"""Frames of desk and PDA pages: navigation, language, theme, rendering whole or in fragments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import (
    Flask,
    Response,
    current_app,
    make_response,
    request,
    url_for,
)

from wms.kernel.clock import BEIJING
from wms.kernel.ids import new_id
from wms.web import csrf, filters, identity, messages, static_files

THEME_COOKIE: Final = "bh_theme"
THEMES: Final = ("light", "dark")
_FRAGMENT: Final = "X-Fragment"


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the rail: its sentence, the view, its icon, who sees it, the letter after g."""

    key: str
    endpoint: str
    icon: str
    permission: str
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading; the first group has none."""

    key: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as the page shows it."""

    text: str
    url: str
    icon: str
    letter: str
    current: bool


def install(app: Flask, navigation: Sequence[Group] = ()) -> None:
    """Make frames, macros (`ui`), sentences (`t`) and filters known to every template."""
    app.extensions["wms_navigation"] = tuple(navigation)
    filters.install(app)
    app.jinja_env.globals.update(
        t=messages.t,
        language=messages.language,
        html_lang=messages.html_lang,
        asset=static_files.asset,
        theme=theme,
        frame=frame,
        pda_data=pda_data,
        rail=rail,
        now=now,
        visitor=identity.visitor,
        csrf_token=csrf.token,
        new_key=lambda: new_id().hex,
        sign_in_url=sign_in_url,
        switch_url=switch_url,
        url_if=url_if,
        number=filters.number,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["ui"] = app.jinja_env.get_template("ui.html").module


def render(template: str, /, **facts: Any) -> Response:
    """Render a page, or only the block a live region asks for by the header `X-Fragment`.

    Fragments carry an ETag, so that asking again for what has not changed costs 304 and no body.
    """
    current_app.update_template_context(facts)
    page = current_app.jinja_env.get_template(template)
    wanted = request.headers.get(_FRAGMENT)
    if wanted is None or wanted not in page.blocks:
        return make_response(page.render(facts))
    response = make_response("".join(page.blocks[wanted](page.new_context(facts))))
    response.add_etag()
    response.make_conditional(request)
    return response


def now() -> datetime:
    """Return the time of this page, for "read at"."""
    return identity.door().clock.now()


def rail() -> list[tuple[str | None, list[Link]]]:
    """Return what the person may go to, by group; groups without a place are left out."""
    who = identity.visitor()
    if who is None:
        return []
    entries = [
        (group, entry)
        for group in current_app.extensions["wms_navigation"]
        for entry in group.entries
        if who.may(entry.permission) and entry.endpoint in current_app.view_functions
    ]
    urls = {entry.endpoint: url_for(entry.endpoint) for _, entry in entries}
    path = f"{request.path}/"
    under = [url for url in urls.values() if path.startswith(f"{url}/") or url == request.path]
    here = max(under, key=len, default=None)
    shown: dict[str | None, list[Link]] = {}
    for group, entry in entries:
        url = urls[entry.endpoint]
        link = Link(messages.t(entry.key), url, entry.icon, entry.letter, url == here)
        shown.setdefault(group.key and messages.t(group.key), []).append(link)
    return list(shown.items())


def theme(pda: bool = False) -> str:
    """Return "light" or "dark": the person's choice, else light; on PDAs dark from 19 to 6."""
    chosen = request.cookies.get(THEME_COOKIE)
    if chosen in THEMES and chosen is not None:
        return chosen
    hour = now().astimezone(BEIJING).hour
    return "dark" if pda and (hour >= 19 or hour < 6) else "light"


def frame() -> str:
    """Return the frame that fits the address: scan pages are PDA pages."""
    scanning = request.path == "/scan" or request.path.startswith("/scan/")
    return "pda.html" if scanning else "desk.html"


def pda_data(task: Any = None, read_url: Any = None, scan: Any = None) -> dict[str, Any]:
    """Return what the scripts of a PDA page need: who, which task, where to post, its words."""
    who = identity.visitor()
    data: dict[str, Any] = {
        "who": str(who.actor_id) if who else None,
        "release": static_files.version(),
        "icons": static_files.asset("icons.svg"),
        "words": {
            word: messages.catalogue()[f"web.scan.{word}"][messages.language()]
            for word in (
                "online",
                "offline",
                "unsent",
                "waiting",
                "refused",
                "doubled",
                "no_storage",
                "rejected",
            )
        },
    }
    if task:
        data |= {"task": task, "url": read_url, "scan": scan, "rendered": new_id().hex}
    return data


def sign_in_url(back: str | None = None) -> str | None:
    """Return where somebody signs in to come back here: by badge on handhelds, else by name."""
    view = "access_pages.badge" if frame() == "pda.html" else "access_pages.sign_in"
    return url_if(view, next=back or request.path)


def switch_url(what: str, value: str) -> str:
    """Return the address that switches language or theme and comes back here."""
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return url_for(f"web_pages.{what}", value=value, back=here)


def url_if(endpoint: str, **values: Any) -> str | None:
    """Return the address of a view, or None when this application has no such view."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
