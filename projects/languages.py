"""What programs call a project's language, and the platform whose set-up it gets. Pure."""

_PLATFORMS = {
    "python": "python",
    "py": "python",
    "fastapi": "python-fastapi",
    "python-fastapi": "python-fastapi",
    "django": "python-django",
    "python-django": "python-django",
    "flask": "python-flask",
    "python-flask": "python-flask",
    "node": "node",
    "nodejs": "node",
    "node.js": "node",
    "javascript": "javascript",
    "js": "javascript",
    "typescript": "javascript",
    "ts": "javascript",
    "go": "go",
    "golang": "go",
    "php": "php",
    "ruby": "ruby",
    "rb": "ruby",
}
OTHER = "other"


def platform_of(language: str) -> str:
    """`Python` → `python`, `golang` → `go`; what nobody here knows is "other"."""
    return _PLATFORMS.get(language.strip().lower(), OTHER)


def language_of(given: str, platform: str) -> str:
    """What the program said, unless the platform was changed in the pages since."""
    return given if given and platform_of(given) == platform else platform
