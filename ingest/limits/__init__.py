"""Rate limits of the hot path: by address before anything else, by project and key once known.

    check_address(request)
    passed = pass_limits(admit(…))      # raises IngestError 429
    get_inbox().append(passed.message)

The same with `_soon` on an event loop. Whoever has no limit pays nothing.
"""

from ingest.limits.envelopes import Full, Passed, rate_limits_header
from ingest.limits.gate import (
    check_address,
    check_address_soon,
    pass_limits,
    pass_limits_soon,
)

__all__ = [
    "Full",
    "Passed",
    "check_address",
    "check_address_soon",
    "pass_limits",
    "pass_limits_soon",
    "rate_limits_header",
]
