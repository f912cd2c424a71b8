"""The one blueprint the pages of access hang on."""

from flask import Blueprint

blueprint = Blueprint("access_pages", __name__, template_folder="../templates")
