"""`events list PROJECT`."""

from argparse import Namespace

from catchall_client.client import Client
from catchall_client.command.grammar import Commands
from catchall_client.command.projects import project_id
from catchall_client.resources import EnvelopeList

COLUMNS = ("id", "event_id", "sent_at", "items")


def add_to(commands: Commands) -> None:
    """Add these to the command line."""
    events = commands.group("events", "what applications sent")
    listing = events.add("list", _list, "a project's newest envelopes", columns=COLUMNS)
    listing.add_argument("project", help="its id or its name")


def _list(client: Client, words: Namespace) -> EnvelopeList:
    return client.events.list(project_id(client, words.project))
