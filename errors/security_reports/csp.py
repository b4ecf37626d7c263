"""Violations of a content security policy, in the old shape and in the Reporting API's.

Source: W3C Content Security Policy level 3, sections 5.3 and 5.5.
"""

from collections.abc import Mapping
from typing import Any

from errors.security_reports.fields import Report, host_of, scheme_of, text_of

# A page is told of what the visitor's own extensions do, and can do nothing about it.
EXTENSION_SCHEMES = frozenset(
    {
        "chrome-extension",
        "moz-extension",
        "ms-browser-extension",
        "safari-extension",
        "safari-web-extension",
        "webkit-masked-url",
        "chromeinvoke",
        "chromenull",
        "mxaddon-pkg",
        "mx",
        "jar",
        "tmtbff",
        "webviewprogressproxy",
    }
)
# Schemes that browsers name without an address after it.
_BARE_SCHEMES = ("data", "blob", "filesystem", "about")
_WORDS = {
    "img-src": "image",
    "script-src-elem": "script",
    "script-src-attr": "script",
    "style-src-elem": "style",
    "style-src-attr": "style",
    "default-src": "resource",
    "base-uri": "base address",
    "form-action": "form",
    "frame-ancestors": "embedding",
}
_SENTENCES = {
    "inline": "Blocked inline '{what}'",
    "eval": "Blocked '{what}' by eval()",
    "wasm-eval": "Blocked WebAssembly",
    "trusted-types-sink": "Blocked '{what}' without a trusted type",
    "trusted-types-policy": "Blocked a trusted types policy",
}


def read_csp(fields: Mapping[str, Any]) -> Report | None:
    """A violation; None without a directive."""
    violated = text_of(fields, "violated-directive", "violatedDirective")
    directive = text_of(fields, "effective-directive", "effectiveDirective") or violated
    directive = directive.partition(" ")[0].lower()
    if not directive:
        return None
    document = text_of(fields, "document-uri", "documentURL")
    where = blocked_place(text_of(fields, "blocked-uri", "blockedURL"), document)
    disposition = text_of(fields, "disposition") or "enforce"
    return Report(
        logger="csp",
        title=_title(directive, where),
        fingerprint=["csp", directive, where],
        level="warning" if disposition == "report" else "error",
        url=document,
        referrer=text_of(fields, "referrer"),
        tags={
            "effective-directive": directive,
            "blocked-uri": where,
            "disposition": disposition,
        },
        facts=dict(fields),
    )


def is_extensions(fields: Mapping[str, Any]) -> bool:
    """Whether a browser's extension and not the page did what was blocked."""
    addresses = ("blocked-uri", "blockedURL", "source-file", "sourceFile")
    return any(scheme_of(text_of(fields, name)) in EXTENSION_SCHEMES for name in addresses)


def blocked_place(blocked: str, document: str) -> str:
    """What was blocked as a group of its own: a host, 'self', a scheme, or a word as 'inline'."""
    if blocked in _SENTENCES:
        return blocked
    host = host_of(blocked)
    if not blocked or blocked == "self" or (host and host == host_of(document)):
        return "self"
    scheme = scheme_of(blocked) or blocked.lower()
    if scheme in _BARE_SCHEMES:
        return f"{scheme}:"
    return host or f"{scheme}:"


def _title(directive: str, where: str) -> str:
    what = _WORDS.get(directive) or directive.removesuffix("-src")
    sentence = _SENTENCES.get(where, "Blocked '{what}' from '{where}'")
    return sentence.format(what=what, where=where)
