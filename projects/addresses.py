"""The addresses of a key that are no DSN: for what is set up without a Sentry SDK. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """Where something sends, and for whom that is."""

    name: str
    hint: str
    text: str


def other_addresses(site_url: str, project_id: int, public_key: str) -> list[Address]:
    """The addresses of one key, each as it is pasted."""
    api = f"{site_url.rstrip('/')}/api/{project_id}"
    query = f"?sentry_key={public_key}"
    return [
        Address(
            "Browser reports",
            "For report-uri and report-to of a content security policy, NEL and Expect-CT. "
            "&sentry_release= and &sentry_environment= may follow.",
            f"{api}/security/{query}",
        ),
        Address(
            "Minidumps",
            "For Crashpad, Breakpad and engines that upload native crashes.",
            f"{api}/minidump/{query}",
        ),
        Address(
            "Check-ins",
            "A job calls it when it ends; error in place of ok says that it failed.",
            f"{api}/cron/my-job/{public_key}/?status=ok",
        ),
        Address(
            "OpenTelemetry",
            "For the OTLP exporter over HTTP, of traces and logs.",
            f"OTEL_EXPORTER_OTLP_ENDPOINT={api}/integration/otlp\n"
            f"OTEL_EXPORTER_OTLP_HEADERS=x-sentry-auth=sentry%20sentry_key%3D{public_key}",
        ),
    ]
