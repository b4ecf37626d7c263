"""`project list|get|create|update|delete-project`, and how a project is named."""

from argparse import Namespace

from catchall_client.client import Client
from catchall_client.command.grammar import Commands
from catchall_client.errors import NotFound
from catchall_client.records import Message, Project
from catchall_client.resources import ProjectList

COLUMNS = ("id", "name", "lang", "key")
NOT_FOUND = 404


def add_to(commands: Commands) -> None:
    """Add these to the command line."""
    projects = commands.group("project", "projects and the keys of their DSNs")
    projects.add("list", _list, "your projects", columns=COLUMNS)
    get = projects.add("get", _get, "one project", columns=COLUMNS)
    create = projects.add("create", _create, "make a project", columns=COLUMNS)
    create.add_argument("name")
    update = projects.add("update", _update, "change what is given", columns=COLUMNS)
    delete = projects.add("delete-project", _delete, "remove a project")
    for parser in (get, update, delete):
        parser.add_argument("project", help="its id or its name")
    update.add_argument("--name")
    for parser in (create, update):
        parser.add_argument("--lang", help="its language, such as python")


def project_id(client: Client, word: str) -> int:
    """A number as it is, else the id of the project of this name. Raises NotFound."""
    if word.isascii() and word.isdigit():
        return int(word)
    found = [project["id"] for project in client.projects.list() if project["name"] == word]
    if len(found) > 1:
        ids = " or ".join(map(str, found))
        raise ValueError(f"Several projects are called {word}: name one by its id, {ids}.")
    if not found:
        raise NotFound(NOT_FOUND, f"No project is called {word}.")
    return found[0]


def _list(client: Client, words: Namespace) -> ProjectList:
    return client.projects.list()


def _get(client: Client, words: Namespace) -> Project:
    return client.projects.get(project_id(client, words.project))


def _create(client: Client, words: Namespace) -> Project:
    return client.projects.create(words.name, lang=words.lang)


def _update(client: Client, words: Namespace) -> Project:
    if words.name is None and words.lang is None:
        raise ValueError("Nothing to change: give --name or --lang.")
    number = project_id(client, words.project)
    return client.projects.update(number, name=words.name, lang=words.lang)


def _delete(client: Client, words: Namespace) -> Message:
    return client.projects.delete(project_id(client, words.project))
