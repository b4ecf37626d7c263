"""Every test run has a data folder of its own, made before the settings are read."""

import os
import tempfile

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="catchall-tests-")
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("DEBUG", "on")
