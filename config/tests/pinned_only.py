"""Imports all of the site while whatever `requirements/base.txt` does not pin cannot be found.

Run by test_pins.py in a process of its own, with the settings of production.
"""

import re
import sys
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path
from pkgutil import walk_packages

PINS = Path("requirements/base.txt")
OURS = ("common", "accounts", "projects", "errors", "ingest", "config", "deploy")
# It alone needs requirements/s3.txt, too, and is imported where a bucket is set.
LATER = "errors.storage.bucket"
BROKERS = ("redis", "amqp", "memory")


class Hidden:
    """Stands before all finders and lets none of these packages be found."""

    def __init__(self, packages: set[str]) -> None:
        self._packages = packages

    def find_spec(self, name: str, *_: object) -> None:
        if name.partition(".")[0] in self._packages:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def unpinned_packages(pins: str) -> set[str]:
    """The installed packages none of whose distributions the pins name."""
    pinned = set(re.findall(r"^([a-z0-9-]+)==", pins, re.MULTILINE))
    return {
        package
        for package, names in packages_distributions().items()
        if not pinned & {re.sub(r"[-_.]+", "-", name).lower() for name in names}
    }


def import_site() -> None:
    """Import all modules of ours but tests, and what libraries import only when they connect."""
    # ruff: noqa: PLC0415
    import django

    django.setup()
    for name in OURS:
        for found in walk_packages(import_module(name).__path__, f"{name}."):
            if ".tests" not in found.name and found.name != LATER:
                import_module(found.name)
    from channels.layers import get_channel_layer
    from django.core.cache import cache
    from kombu.transport import get_transport_cls

    assert get_channel_layer()
    assert hasattr(cache, "get")
    for broker in BROKERS:
        get_transport_cls(broker)


if __name__ == "__main__":
    sys.meta_path.insert(0, Hidden(unpinned_packages(PINS.read_text())))
    import_site()
