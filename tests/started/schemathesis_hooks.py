"""What schemathesis must be told of: envelopes, which it sends as it made them."""

import schemathesis


@schemathesis.serializer("application/x-sentry-envelope")
def send_as_is(context: schemathesis.SerializationContext, value: object) -> bytes:
    """The bytes of whatever was made up."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")
