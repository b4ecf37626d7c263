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
    listing.add_argument("--limit", type=int, help="how many at most: 50, or up to 200")
    listing.add_argument("--before", type=int, metavar="ID", help="those before this one")


def _list(client: Client, words: Namespace) -> EnvelopeList:
    number = project_id(client, words.project)
    return client.events.list(number, limit=words.limit, before=words.before)
