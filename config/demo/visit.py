"""One occurrence of a story: who met it, where and when, and the texts filled in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from string import Template

from config.demo.people import Customer
from config.demo.services import Service
from config.demo.story import Story


@dataclass(frozen=True, slots=True)
class Visit:
    """What one event is made from; `at` is unix seconds."""

    service: Service
    story: Story
    at: float
    customer: Customer
    facts: dict[str, str]
    environment: str
    release: str

    def fill(self, template: str) -> str:
        """The template with this visit's facts. Raises KeyError for a fact that is none."""
        return Template(template).substitute(self.facts)

    @property
    def timestamp(self) -> str:
        """The client's clock, as SDKs write it."""
        return datetime.fromtimestamp(self.at, UTC).isoformat().replace("+00:00", "Z")
