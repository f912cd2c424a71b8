"""The pages of access: signing in, one's own account, the people of the site."""

from wms.access.pages import account, people, sign_in
from wms.access.pages.blueprint import blueprint

__all__ = ["account", "blueprint", "people", "sign_in"]
