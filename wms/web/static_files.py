"""Our own CSS, icons and scripts: addressed by their content, so that they keep for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, send_from_directory, url_for

from wms.web.identity import public

FOLDER: Final = Path(__file__).parent / "static"
_YEAR: Final = 31_536_000

blueprint = Blueprint("assets", __name__)


@lru_cache(maxsize=1)
def version() -> str:
    """Return 12 hex digits that change when any static file changes."""
    seal = hashlib.sha256()
    for file in sorted(FOLDER.rglob("*")):
        if file.is_file():
            seal.update(file.name.encode() + b"\0" + file.read_bytes())
    return seal.hexdigest()[:12]


def asset(name: str) -> str:
    """Return the address of a static file, version included; relative imports keep it."""
    return url_for("assets.static_file", release=version(), name=name)


@blueprint.get("/static/<release>/<path:name>")
@public
def static_file(release: str, name: str) -> Response:
    """Send a static file; for ever when the address is that of this version, else not kept."""
    response = send_from_directory(FOLDER, name)
    if release == version():
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/sw.js")
@public
def service_worker() -> Response:
    """Send the service worker from the root, so that it may serve the scan pages."""
    response = send_from_directory(FOLDER, "sw.js")
    response.headers["Cache-Control"] = "no-cache"
    return response
