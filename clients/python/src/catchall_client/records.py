"""What the site answers, field by field; newer sites may add to it."""

from typing import TypedDict


class User(TypedDict):
    """A person who signs in by `name`."""

    id: int
    name: str
    telegram_chat_id: str | None


class Project(TypedDict):
    """`key` is the public key of its DSN, 32 hex digits; None while every key is revoked."""

    id: int
    name: str
    lang: str
    key: str | None


class Item(TypedDict):
    """One part of an envelope; `event_id` is the envelope's id, `item_id` the part's place in it.

    `payload` is the scrubbed copy as text.
    """

    id: int
    event_id: int
    item_id: int
    payload: str


class Envelope(TypedDict):
    """What one request of an SDK brought. `sent_at` is the client's clock."""

    id: int
    project_id: int
    event_id: str | None
    sent_at: str | None
    dsn: str | None
    items: list[Item]


class Message(TypedDict):
    """The answer of a deletion."""

    message: str
