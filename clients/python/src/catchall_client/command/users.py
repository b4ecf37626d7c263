"""`user list|get-user|create-user|update-user|delete`."""

from argparse import Namespace

from catchall_client.client import Client
from catchall_client.command.asking import ask_new_password
from catchall_client.command.grammar import Commands
from catchall_client.records import Message, User
from catchall_client.resources import UserList

COLUMNS = ("id", "name", "telegram_chat_id")


def add_to(commands: Commands) -> None:
    """Add these to the command line."""
    users = commands.group("user", "people who sign in")
    users.add("list", _list, "everybody whom you may see", columns=COLUMNS)
    get = users.add("get-user", _get, "one person", columns=COLUMNS)
    get.add_argument("id", type=int)
    create = users.add("create-user", _create, "add a person", columns=COLUMNS)
    create.add_argument("name")
    update = users.add("update-user", _update, "change what is given", columns=COLUMNS)
    update.add_argument("id", type=int)
    update.add_argument("--name")
    update.add_argument("--ask-password", action="store_true", help="ask for a new password")
    for parser in (create, update):
        parser.add_argument("--password", help="seen by everybody who lists processes: better not")
        parser.add_argument("--telegram-chat-id")
    users.add("delete", _delete, "remove a person").add_argument("id", type=int)


def _list(client: Client, words: Namespace) -> UserList:
    return client.users.list()


def _get(client: Client, words: Namespace) -> User:
    return client.users.get(words.id)


def _create(client: Client, words: Namespace) -> User:
    password = words.password or ask_new_password("Password: ")
    return client.users.create(words.name, password, telegram_chat_id=words.telegram_chat_id)


def _update(client: Client, words: Namespace) -> User:
    password = words.password
    if words.ask_password and not password:
        password = ask_new_password("New password: ")
    if (words.name, password, words.telegram_chat_id) == (None, None, None):
        raise ValueError("Nothing to change: give --name, --ask-password or --telegram-chat-id.")
    return client.users.update(
        words.id, name=words.name, password=password, telegram_chat_id=words.telegram_chat_id
    )


def _delete(client: Client, words: Namespace) -> Message:
    return client.users.delete(words.id)
