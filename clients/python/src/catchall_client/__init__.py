"""Talks to a Catchall site: people, projects and stored envelopes, by its REST interface.

from catchall_client import Client

client = Client("https://errors.example.com")
client.login("ana", "her password")
for project in client.projects.list():
    print(project["id"], project["name"], project["key"])
"""

from catchall_client.client import Client
from catchall_client.errors import CatchallError, NotFound, NotSignedIn, Refused, Unreachable
from catchall_client.records import Envelope, Item, Message, Project, User
from catchall_client.tokens import MemoryTokens, TokenFile, Tokens, TokenStore

__all__ = [
    "CatchallError",
    "Client",
    "Envelope",
    "Item",
    "MemoryTokens",
    "Message",
    "NotFound",
    "NotSignedIn",
    "Project",
    "Refused",
    "TokenFile",
    "TokenStore",
    "Tokens",
    "Unreachable",
    "User",
]
