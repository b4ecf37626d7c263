"""Every test run has a data folder of its own, made before the settings are read."""

import os
import tempfile
from pathlib import Path

import django

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="catchall-tests-")
# Where collected static files would be: the middleware that serves them warns without it.
Path(os.environ["DATA_DIR"], "static").mkdir()
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("DEBUG", "on")
# Here and not in pyproject.toml: from there the settings are read before this file.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
