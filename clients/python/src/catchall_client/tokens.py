"""The pair of tokens of a person, and where it is kept."""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Tokens:
    """`access_token` opens the site for half an hour, `refresh_token` gives the next pair."""

    access_token: str
    refresh_token: str


class TokenStore(Protocol):
    """Keeps one pair for one site."""

    def read(self) -> Tokens | None: ...

    def write(self, tokens: Tokens | None) -> None: ...


class MemoryTokens:
    """Forgotten when the process ends."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        self._tokens = tokens

    def read(self) -> Tokens | None:
        return self._tokens

    def write(self, tokens: Tokens | None) -> None:
        self._tokens = tokens


class TokenFile:
    """A JSON file that only its owner reads: `{"site": url, "tokens": {url: {…}}}`."""

    def __init__(self, path: Path, base_url: str) -> None:
        self._path = path
        self._base_url = base_url

    def read(self) -> Tokens | None:
        pair = _load(self._path)["tokens"].get(self._base_url)
        try:
            return Tokens(**pair) if pair else None
        except TypeError:
            return None

    def write(self, tokens: Tokens | None) -> None:
        """Replace the file in one step; another command that reads meanwhile sees old or new."""
        kept = _load(self._path)
        kept["tokens"].pop(self._base_url, None)
        if tokens:
            kept = {
                "site": self._base_url,
                "tokens": {**kept["tokens"], self._base_url: asdict(tokens)},
            }
        _replace(self._path, json.dumps(kept, indent=2))


def last_site(path: Path) -> str | None:
    """The site that somebody signed in to last, by this file."""
    site = _load(path).get("site")
    return site if isinstance(site, str) else None


def default_path(environ: Mapping[str, str]) -> Path:
    """Where the file lies: below XDG_CONFIG_HOME, else ~/.config."""
    folder = environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(folder).expanduser() / "catchall" / "tokens.json"


def _load(path: Path) -> dict[str, Any]:
    """What the file holds; one that is missing or unreadable as JSON counts as empty."""
    try:
        kept = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        kept = None
    kept = kept if isinstance(kept, dict) else {}
    tokens = kept.get("tokens")
    return {**kept, "tokens": tokens if isinstance(tokens, dict) else {}}


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkstemp makes the file with mode 0600, so that nobody else ever reads a half-written one.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
