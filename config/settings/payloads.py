"""PAYLOAD_STORAGE as a Django storage: s3://bucket/prefix?options or file:///folder."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.settings.environment import read_text

FORM = "PAYLOAD_STORAGE must be like s3://bucket/prefix?region_name=eu-central-1 or file:///folder"
S3_OPTIONS = ("endpoint_url", "region_name", "addressing_style")


def read_payload_storage() -> dict[str, Any] | None:
    """The entry of Django's STORAGES; None without the setting. Raises ImproperlyConfigured."""
    url = read_text("PAYLOAD_STORAGE")
    access_key, secret_key = read_text("AWS_ACCESS_KEY_ID"), read_text("AWS_SECRET_ACCESS_KEY")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path.strip("/") and not (parts.netloc or parts.query):
        return _folder(Path(parts.path))
    if parts.scheme == "s3" and parts.netloc and "@" not in parts.netloc:
        options = _s3_options(parts.query)
        # Without keys the library finds them: in its own files, or from the host's role.
        keys = {"access_key": access_key, "secret_key": secret_key} if access_key else {}
        location = parts.path.strip("/")
        return _bucket(bucket_name=parts.netloc, location=location, **options, **keys)
    raise ImproperlyConfigured(f"{FORM}.")


def _folder(path: Path) -> dict[str, Any]:
    options = {
        "location": path,
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    }
    return {"BACKEND": "errors.storage.folder.SyncedFolder", "OPTIONS": options}


def _s3_options(query: str) -> dict[str, str]:
    options = dict(parse_qsl(query))
    for name in options:
        if name not in S3_OPTIONS:
            known = ", ".join(S3_OPTIONS)
            raise ImproperlyConfigured(f"PAYLOAD_STORAGE has {known}, but no {name!r}.")
    return options


def _bucket(**options: str) -> dict[str, Any]:
    if not (find_spec("storages") and find_spec("boto3")):
        raise ImproperlyConfigured(
            "PAYLOAD_STORAGE=s3://… needs the packages of requirements/s3.txt."
        )
    return {"BACKEND": "errors.storage.bucket.Bucket", "OPTIONS": options}
