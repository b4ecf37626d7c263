"""The site under WSGI, for the processes that take what SDKs send: ingestion, then Django."""

import os
from typing import cast

from django.core.wsgi import get_wsgi_application

from config.embedded.memory import tune_allocator

# Each of the server's threads would get an arena of its own, and keep what large bodies took.
tune_allocator()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_wsgi_application()

from ingest.wsgi import App, IngestShell  # noqa: E402 (apps must be ready)

# Django's handler returns an iterable answer, but its type does not say so.
application = IngestShell(cast(App, django_application))
