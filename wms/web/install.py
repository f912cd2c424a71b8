"""Puts the whole web room on an application, in the order the parts need."""

from collections.abc import Sequence

from flask import Flask

from wms.web import errors, identity, json_form, layout, limits, pages, static_files
from wms.web.identity import Authenticate, Door
from wms.web.layout import Group


def install(
    app: Flask,
    doorway: Door,
    authenticate: Authenticate,
    *,
    navigation: Sequence[Group] = (),
    unavailable: tuple[type[Exception], ...] = (),
) -> None:
    """Give an application identity, limits, errors, sentences, frames and static files.

    The application must hold SECRET_KEY, SESSION_COOKIE_SECURE and PUBLIC_URL. `unavailable` names
    the exceptions that mean "try again later".
    """
    app.json = json_form.Strict(app)
    limits.install(app)
    identity.install(app, doorway, authenticate)
    errors.install(app, unavailable=unavailable)
    app.register_blueprint(static_files.blueprint)
    app.register_blueprint(pages.blueprint)
    layout.install(app, navigation)
