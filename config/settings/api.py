"""How the REST interface is described: `/openapi.json`, shown at `/docs` and `/redoc`."""

from urllib.parse import urlsplit

from config.settings.core import SITE_URL

SPECTACULAR_SETTINGS = {
    "TITLE": "Catchall",
    "DESCRIPTION": (
        "What applications send to, and what programs ask.\n\n"
        "Three ways to say who one is: a project's **public key** to send events, a **native API"
        " key** for the native error tracker, and a **bearer token** for everything that a person"
        " may do. docs/api.md has each with an example."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVERS": [{"url": urlsplit(SITE_URL).path or "/"}],
    "TAGS": [
        {"name": "Sending", "description": "What applications send, by their public key."},
        {"name": "Simple events", "description": "One JSON object, its project named inside."},
        {"name": "Native errors", "description": "The native error tracker, by an API key."},
        {"name": "Browser relay", "description": "Errors of pages, and the keys that they use."},
        {"name": "Signing in", "description": "From a password to tokens."},
        {"name": "Users", "description": "People, for superusers; others see themselves."},
        {"name": "Projects", "description": "One's own projects, by role."},
        {"name": "Stored envelopes", "description": "What was accepted, scrubbed."},
        {"name": "Health", "description": "For whoever watches the site. Open to all."},
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/",
    "PREPROCESSING_HOOKS": ["config.api_document.spell_out"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.api_document.describe_rest",
    ],
}
