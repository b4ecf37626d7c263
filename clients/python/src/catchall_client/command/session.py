"""`health`, `login`, `logout`."""

from argparse import Namespace

from catchall_client.client import Client
from catchall_client.command.asking import ask, ask_password
from catchall_client.command.grammar import Commands
from catchall_client.errors import Unreachable
from catchall_client.records import Message


def add_to(commands: Commands) -> None:
    """Add these to the command line."""
    commands.add("health", _health, "ask whether the site works")
    login = commands.add("login", _login, "sign in; the tokens are kept in a file of yours")
    login.add_argument("name", nargs="?", help="name or email; asked for where it is missing")
    login.add_argument("--password", help="seen by everybody who lists processes: better not")
    commands.add("logout", _logout, "forget the tokens of this site")


def _health(client: Client, words: Namespace) -> dict[str, str]:
    if not client.health():
        raise Unreachable(f"{client.base_url} does not say that it works.")
    return {"status": "OK"}


def _login(client: Client, words: Namespace) -> Message:
    name = words.name or ask("Name: ")
    client.login(name, words.password or ask_password("Password: "))
    return {"message": f"Signed in to {client.base_url} as {name}."}


def _logout(client: Client, words: Namespace) -> Message:
    client.logout()
    return {"message": f"Signed out of {client.base_url}."}
