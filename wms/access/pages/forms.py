"""Forms with one deed each: do it and go back, or show what was refused beside the form."""

from collections.abc import Callable

from flask import redirect
from werkzeug.wrappers import Response as BaseResponse

from wms.kernel.errors import Refusal, Unauthenticated
from wms.web import errors
from wms.web.errors import Answer

Show = Callable[[Answer | None], BaseResponse]
"""Renders the page a form stands on, with the refusal when there is one."""


def attempt(deed: Callable[[], object], back: str, show: Show) -> BaseResponse:
    """Do the deed and go back to the page; what is refused is shown on the page itself."""
    try:
        deed()
    except Unauthenticated:
        raise
    except Refusal as refusal:
        answer = errors.answer_to(refusal)
        response = show(answer)
        response.status_code = answer.status
        if answer.retry_after is not None:
            response.headers["Retry-After"] = str(answer.retry_after)
        return response
    return redirect(back, 303)
