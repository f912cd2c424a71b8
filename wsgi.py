"""What a WSGI server loads: `gunicorn wsgi:app`."""

from wms.app import create_app
from wms.settings import Settings

app = create_app(Settings.from_env())
