"""From the inbox into the database: prepare, write, acknowledge, tell the pages."""

from ingest.digest.loop import BatchResult, digest_batch, drain, stopping

__all__ = ["BatchResult", "digest_batch", "drain", "stopping"]
