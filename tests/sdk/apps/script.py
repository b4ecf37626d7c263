"""A nightly job, as a user writes one: it crashes and lets Python's own hook report it."""

import sentry_sdk

# The DSN comes from SENTRY_DSN.
sentry_sdk.init(release="report@2.0.1", environment="staging", server_name="worker-7")


def add_up(amounts: list[float]) -> float:
    rounded = sum(amounts)
    people = len(amounts) - 3
    return rounded / people


if __name__ == "__main__":
    sentry_sdk.set_user({"id": "42", "email": "ana@example.com"})
    sentry_sdk.set_tag("region", "eu-west")
    sentry_sdk.add_breadcrumb(category="job", message="read three invoices", level="info")
    add_up([60.25, 40.0, 18.25])
