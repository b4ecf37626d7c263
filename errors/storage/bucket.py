"""Packs in a bucket that speaks S3; imported only where one is set, as its library is an extra."""

from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

# A page waits for the storage; what moves waits for the next run.
CONNECT_TIMEOUT_S = 3
READ_TIMEOUT_S = 10


class Bucket(S3Storage):  # type: ignore[misc]  # the library has no types
    """django-storages' S3, with bounded waits."""

    failures = (OSError, Boto3Error, BotoCoreError, ClientError)

    def __init__(self, *, addressing_style: str = "auto", **options: Any) -> None:
        client_config = Config(
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            retries={"max_attempts": 2, "mode": "standard"},
            s3={"addressing_style": addressing_style},
            # Not every server that speaks S3 knows the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(client_config=client_config, **options)
