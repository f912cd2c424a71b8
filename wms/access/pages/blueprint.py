"""The one blueprint the pages of access hang on."""

from flask import Blueprint

from wms.access.terms import ROLES
from wms.web.messages import t

blueprint = Blueprint("access_pages", __name__, template_folder="../templates")


@blueprint.app_template_filter()
def role_name(role: str) -> str:
    """Return a role as people call it; one no longer known as it is."""
    return t(f"access.role.{role}") if role in ROLES else role
