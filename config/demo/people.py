"""The shop's customers, and the facts of one visit that fill the stories' templates."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

FIRST_NAME_WORDS = (
    "Ana Bram Carla Daan Elif Femke Goran Hanna Ivo Jana Karim Lena Marko Nadia Otto Petra Quinn "
    "Rosa Sven Tara Ugo Vera Wout Xenia Yusuf Zoe Amir Beatriz Clara Dario Esra Finn"
)
LAST_NAME_WORDS = (
    "Kovac Jansen Moreau Lindqvist Demir Costa Novak Weber Rossi Haddad Keller Svensson Petrov "
    "Brandt Okafor Silva Meier Dubois Horvat Nowak Larsen Fischer Marin Visser Popescu Bauer"
)
FIRST_NAMES = FIRST_NAME_WORDS.split()
LAST_NAMES = LAST_NAME_WORDS.split()
PRODUCTS = (
    ("OUT-2214", "trail-boots-ridge", "outdoor"),
    ("OUT-1107", "rain-jacket-fjord", "outdoor"),
    ("OUT-3391", "headlamp-400", "outdoor"),
    ("HOM-0482", "oak-picture-frame", "home"),
    ("HOM-0910", "wool-blanket-grey", "home"),
    ("KIT-5520", "carbon-steel-pan-28", "kitchen"),
    ("KIT-5104", "pour-over-kettle", "kitchen"),
    ("BIK-7003", "bike-light-set", "bikes"),
    ("BIK-7318", "handlebar-bag", "bikes"),
)
SEARCHES = ("rain jacket", "boots 42", "kettle", "gift card", "lamp usb c", "wool blanket", "pan")
COMPANIES = ("Atelier Noord BV", "Fietsenwerk GmbH", "Studio Costa SL", "Haddad & Fils SARL")
CUSTOMERS = 420


@dataclass(frozen=True, slots=True)
class Customer:
    """A made-up person; the addresses are of the ranges that are kept for documentation."""

    id: int
    username: str
    email: str
    ip_address: str


def make_customers(rng: random.Random) -> list[Customer]:
    """The customers; the first in the list come most often."""
    names = [(first, last) for first in FIRST_NAMES for last in LAST_NAMES]
    return [
        Customer(
            id=10_000 + 37 * index,
            username=f"{first} {last}",
            email=f"{first}.{last}@example.com".lower(),
            ip_address=rng.choice(("192.0.2.", "198.51.100.", "203.0.113.")) + f"{index % 250 + 1}",
        )
        for index, (first, last) in enumerate(rng.sample(names, k=CUSTOMERS))
    ]


def choose_customer(customers: list[Customer], rng: random.Random) -> Customer:
    """One of them; regulars far more often than the rest."""
    return customers[int(len(customers) * rng.random() ** 1.7)]


def make_facts(rng: random.Random, customer: Customer, at: float) -> dict[str, str]:
    """What the templates of an event may name: $order_id, $sku, $email and so on."""
    sku, slug, category = rng.choice(PRODUCTS)
    number = rng.randrange(1_000, 99_000)
    cents = rng.randrange(990, 24_900)
    return {
        "customer_id": str(customer.id),
        "email": customer.email,
        "friend": f"{rng.choice(FIRST_NAMES).lower()}@example.net",
        "company": rng.choice(COMPANIES),
        "order_id": str(880_000 + number),
        "cart_id": str(UUID(int=rng.getrandbits(128), version=4)),
        "uuid": str(UUID(int=rng.getrandbits(128), version=4)),
        "number": str(number),
        "sku": sku,
        "slug": slug,
        "category": category,
        "query": rng.choice(SEARCHES),
        "voucher": f"{rng.choice(('AUTUMN', 'HELLO', 'FRIENDS'))}{rng.randrange(10, 99)}",
        "amount": f"{cents / 100:.2f}",
        "other_amount": f"{(cents - rng.randrange(1, 400)) / 100:.2f}",
        "lines": str(rng.randrange(1, 6)),
        "zone": rng.choice(("eu-2", "eu-3", "islands", "world")),
        "warehouse": rng.choice(("Utrecht", "Graz", "Lille")),
        "minutes": str(rng.randrange(31, 95)),
        "hex": f"{rng.getrandbits(32):08x}",
        "export_id": f"{rng.getrandbits(48):012x}",
        "market": "de",
        "uptime": f"{rng.uniform(9_000, 900_000):.6f}",
        **_dates(at, number),
    }


def _dates(at: float, number: int) -> dict[str, str]:
    moment = datetime.fromtimestamp(at, UTC)
    yesterday = moment.date() - timedelta(days=1)
    last_month = moment.replace(day=1) - timedelta(days=1)
    return {
        "unix": str(int(at)),
        "now_repr": repr(moment.replace(microsecond=0)),
        "today": f"{moment:%Y-%m-%d}",
        "today_repr": f"datetime.date({moment.year}, {moment.month}, {moment.day})",
        "yesterday": f"{yesterday:%Y-%m-%d}",
        "bank_day": f"{yesterday:%d.%m.%Y}",
        "yesterday_repr": f"datetime.date({yesterday.year}, {yesterday.month}, {yesterday.day})",
        "year": str(moment.year),
        "month": f"{moment:%Y-%m}",
        "last_month": f"{last_month:%Y-%m}",
        # September has thirty days.
        "wrong_month": f"09.{moment.year}",
        "invoice": f"{moment.year}-{number:06d}",
    }
