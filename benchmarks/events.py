"""Events as a Python web shop would send them: what the benchmarks and the demo are fed with.

An issue fixes the code (modules, functions, source lines, exception type); a serial varies what
varies in production (ids, times, locals, breadcrumbs, users). Both are seeds: the same pair gives
the same event on every machine, apart from its times.
"""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

ISSUES = 100
SERVICES = ("checkout", "payments", "catalog", "accounts", "shipping", "search", "pricing", "mail")
LAYERS = ("services", "views", "models", "tasks", "client", "serializers", "repository", "rules")
NOUN_WORDS = (
    "order cart item customer invoice payment refund voucher address parcel product variant "
    "price stock session basket line discount shipment currency region account profile batch"
)
VERB_WORDS = (
    "load save charge apply compute resolve reserve release validate merge collect confirm "
    "render publish fetch update expire allocate split normalise"
)
NOUNS = NOUN_WORDS.split()
VERBS = VERB_WORDS.split()
EXCEPTIONS = (
    ("ZeroDivisionError", "builtins", "division by zero"),
    ("KeyError", "builtins", "'{noun}'"),
    ("ValueError", "builtins", "invalid literal for int() with base 10: '{hex}'"),
    ("AttributeError", "builtins", "'NoneType' object has no attribute '{noun}'"),
    ("DoesNotExist", "{service}.models", "{noun} {number} matching query does not exist."),
    ("TimeoutError", "builtins", "upstream did not answer in {number} ms"),
    ("IntegrityError", "django.db.utils", "duplicate key value ({noun}_id)=({number})"),
    ("OutOfStock", "{service}.errors", "{noun} {number} is sold out in region {hex}"),
)
LIBRARY = (
    ("django/core/handlers/exception.py", "inner", 55),
    ("django/core/handlers/base.py", "_get_response", 197),
    ("django/views/decorators/csrf.py", "_view_wrapper", 65),
    ("django/views/generic/base.py", "view", 104),
    ("django/utils/decorators.py", "_wrapper", 48),
    ("rest_framework/views.py", "dispatch", 509),
    ("rest_framework/decorators.py", "handler", 50),
    ("django/db/transaction.py", "inner", 84),
    ("django/db/models/query.py", "get", 633),
    ("django/db/backends/utils.py", "execute", 122),
    ("urllib3/connectionpool.py", "urlopen", 787),
)
LINES = (
    "    {a} = {b}.get({c!r}, None)",
    "    {a} = self.{verb}_{b}({c}, strict=True)",
    "    if not {a}.is_{b}:",
    "        raise {B}Error(f'no {a} for {{{c}.id}}')",
    "    return {a}.{verb}({b}, {c}={c})",
    "    for {a} in {b}.{c}s.select_related({a!r}):",
    "    with {verb}_lock({a}.id, timeout=30) as {b}:",
    "        logger.info('{verb} %s for %s', {a}.id, {b})",
    "    # The {a} may be gone: another worker can {verb} the {b} first.",
    "    {a}.total = sum({b}.amount * {b}.quantity for {b} in {c}s)",
    "        {a}s.append({B}.from_{c}({c}))",
    "    {a}, created = {B}.objects.get_or_create({c}={c})",
    "",
)


def make_event(issue: int, serial: int, *, at: float | None = None) -> dict[str, Any]:
    """Make one event: about 40 KB of JSON with 20 frames and 60 breadcrumbs.

    `issue` (0 to 99) decides the group, `serial` the rest; `at` is the moment of the crash in unix
    seconds, now by default.
    """
    rng = random.Random(f"event-{issue}-{serial}")
    moment = (time.time() if at is None else at) - rng.random()
    code = _code_of(issue % ISSUES)
    service = code["service"]
    number = rng.randrange(1_000, 9_999_999)
    return {
        "event_id": f"{rng.getrandbits(128):032x}",
        "timestamp": _iso(moment),
        "level": "error",
        "platform": "python",
        "environment": rng.choices(("production", "staging"), (9, 1))[0],
        "release": f"{service}@2.{issue % 7}.{rng.randrange(3)}",
        "server_name": f"web-{rng.randrange(6)}",
        "transaction": code["route"],
        "transaction_info": {"source": "route"},
        "exception": {"values": [_exception(code, rng, number)]},
        "breadcrumbs": {"values": _breadcrumbs(service, rng, moment)},
        "request": _request(rng, code["route"], number),
        "user": {"id": str(number), "email": f"user{number}@example.com", "ip_address": _ip(rng)},
        "tags": {"region": rng.choice(("eu", "us", "ap")), "plan": rng.choice(("free", "pro"))},
        "contexts": _contexts(rng),
        "extra": {"sys.argv": ["/srv/shop/manage.py", "runworker", f"--queue={service}"]},
        "modules": {"django": "5.2.19", "celery": "5.7.0", "redis": "8.1.0", "urllib3": "2.8.0"},
        "sdk": {
            "name": "sentry.python.django",
            "version": "2.75.0",
            "packages": [{"name": "pypi:sentry-sdk", "version": "2.75.0"}],
            "integrations": ["celery", "django", "logging", "redis", "stdlib", "threading"],
        },
    }


@cache
def _code_of(issue: int) -> dict[str, Any]:
    """Return what all events of an issue share: route, exception and frames without locals."""
    rng = random.Random(f"issue-{issue}")
    service = SERVICES[issue % len(SERVICES)]
    kind, module, value = EXCEPTIONS[issue % len(EXCEPTIONS)]
    noun = rng.choice(NOUNS)
    frames = [_library_frame(*place) for place in rng.sample(LIBRARY, k=10)]
    for shared in rng.sample(range(24), k=8):
        frames.insert(rng.randrange(4, len(frames) + 1), _app_frame("shop", f"shared-{shared}"))
    frames += [_app_frame(service, f"{issue}-{depth}") for depth in range(2)]
    return {
        "service": service,
        "noun": noun,
        "route": f"/api/{service}/{noun}s/{{id}}/{rng.choice(VERBS)}",
        "type": kind,
        "module": module.format(service=service),
        "value": value,
        "frames": frames,
    }


def _library_frame(path: str, function: str, line: int) -> dict[str, Any]:
    module = path.removesuffix(".py").replace("/", ".")
    root = "/srv/shop/.venv/lib/python3.12/site-packages/"
    return _frame(module, function, path, root + path, line, in_app=False)


def _app_frame(service: str, name: str) -> dict[str, Any]:
    rng = random.Random(f"frame-{service}-{name}")
    layer = rng.choice(LAYERS)
    path = f"{service}/{layer}.py"
    function = f"{rng.choice(VERBS)}_{rng.choice(NOUNS)}"
    line = rng.randrange(20, 900)
    return _frame(f"{service}.{layer}", function, path, f"/srv/shop/{path}", line, in_app=True)


def _frame(
    module: str, function: str, path: str, abs_path: str, line: int, *, in_app: bool
) -> dict[str, Any]:
    rng = random.Random(f"{abs_path}:{function}:{line}")
    source = _source_lines(rng)
    return {
        "filename": path,
        "abs_path": abs_path,
        "function": function,
        "module": module,
        "lineno": line,
        "pre_context": source[:5],
        "context_line": source[5] or "    return None",
        "post_context": source[6:],
        "in_app": in_app,
    }


def _source_lines(rng: random.Random) -> list[str]:
    """Return eleven lines that talk about the same few things, as one function's lines do."""
    a, b, c = rng.sample(NOUNS, k=3)
    words = {"a": a, "b": b, "c": c, "B": b.title(), "verb": rng.choice(VERBS)}
    return [rng.choice(LINES).format(**words) for _ in range(11)]


def _exception(code: dict[str, Any], rng: random.Random, number: int) -> dict[str, Any]:
    words = {"noun": code["noun"], "number": number, "hex": f"{rng.getrandbits(32):08x}"}
    return {
        "type": code["type"],
        "module": code["module"],
        "value": code["value"].format(**words),
        "mechanism": {"type": "django", "handled": False},
        "stacktrace": {"frames": [_with_locals(frame, rng) for frame in code["frames"]]},
    }


LOCALS: tuple[Callable[[random.Random, str], object], ...] = (
    lambda rng, noun: f"<shop.{noun}.{noun.title()} object at 0x7f{rng.getrandbits(28):x}>",
    lambda rng, noun: f"<{noun.title()}: {noun.title()} object ({rng.randrange(10**6)})>",
    lambda rng, noun: f"Decimal('{rng.randrange(10**5) / 100:.2f}')",
    lambda rng, noun: {"id": str(rng.randrange(10**5)), "kind": f"'{noun}'"},
    lambda rng, noun: "None",
    lambda rng, noun: "True",
    lambda rng, noun: f"<function {noun}_changed at 0x7f3a5c1d20>",
    lambda rng, noun: f"'{noun}s/detail.html'",
    lambda rng, noun: {"currency": "'EUR'", "lines": "'3'", f"{noun}_kind": "'standard'"},
    lambda rng, noun: ["'id'", "'state'", f"'{noun}'", "'...'"],
    lambda rng, noun: f"<QuerySet [<{noun.title()}: {noun} of the day>, '...(remaining)...']>",
)


def _with_locals(frame: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Return the frame with the locals that its function always has, and values of this event."""
    kinds = random.Random(frame["context_line"])
    names = kinds.sample(NOUNS, k=6)
    found = {name: kinds.choice(LOCALS)(rng, name) for name in names}
    return {**frame, "vars": found}


def _breadcrumbs(service: str, rng: random.Random, moment: float) -> list[dict[str, Any]]:
    """Return the minute before the crash: a service's usual steps, with own times and ids."""
    steps = random.Random(f"breadcrumbs-{service}")
    return [
        {"timestamp": _iso(moment - 60 + second + rng.random()), **steps.choice(STEPS)(steps, rng)}
        for second in range(60)
    ]


def _query(steps: random.Random, rng: random.Random) -> dict[str, Any]:
    table = f"shop_{steps.choice(NOUNS)}"
    columns = ", ".join(f'"{table}"."{name}"' for name in COLUMNS)
    message = f'SELECT {columns} FROM "{table}" WHERE "{table}"."id" = %s LIMIT 21'
    data = {"db.params": [rng.randrange(10**5)], "db.system": "postgresql", "db.name": "shop"}
    return {"type": "query", "category": "query", "level": "info", "message": message, "data": data}


def _http(steps: random.Random, rng: random.Random) -> dict[str, Any]:
    path = f"{steps.choice(SERVICES)}.example.com/v2/{steps.choice(NOUNS)}s"
    url = f"https://api.{path}/{rng.randrange(10**6)}"
    data = {"url": url, "method": "GET", "status_code": 200, "reason": "OK"}
    return {"type": "http", "category": "httplib", "level": "info", "data": data}


def _log(steps: random.Random, rng: random.Random) -> dict[str, Any]:
    words = f"{steps.choice(VERBS)} {steps.choice(NOUNS)}"
    message = f"{words} took {rng.randrange(900)} ms"
    logger = f"{steps.choice(SERVICES)}.{steps.choice(LAYERS)}"
    data = {"queue": steps.choice(SERVICES), "attempt": 1}
    return {"type": "log", "category": logger, "level": "info", "message": message, "data": data}


def _redis(steps: random.Random, rng: random.Random) -> dict[str, Any]:
    key = f"shop:{steps.choice(NOUNS)}"
    data = {"redis.is_cluster": False, "redis.command": "GET", "redis.key": key}
    message = f"GET '{key}:popular'"
    return {"type": "redis", "category": "redis", "level": "info", "message": message, "data": data}


COLUMNS = ("id", "state", "created_at", "updated_at", "customer_id", "currency", "total", "note")
STEPS = (_query, _http, _log, _log, _redis)


def _request(rng: random.Random, route: str, number: int) -> dict[str, Any]:
    agent = f"Mozilla/5.0 (X11; Linux x86_64; rv:{rng.randrange(130, 143)}.0) Gecko/20100101"
    return {
        "url": "https://shop.example.com" + route.replace("{id}", str(number)),
        "method": "POST",
        "query_string": f"page={rng.randrange(40)}&sort=newest",
        "headers": {
            "Host": "shop.example.com",
            "User-Agent": f"{agent} Firefox/{rng.randrange(130, 143)}.0",
            "Accept": "application/json",
            "Accept-Language": rng.choice(("en-GB,en;q=0.8", "de-DE,de;q=0.7", "fr-FR,fr;q=0.9")),
            "Content-Type": "application/json",
            "X-Request-Id": f"{rng.getrandbits(64):016x}",
        },
        "env": {"SERVER_NAME": f"web-{rng.randrange(6)}", "SERVER_PORT": "8000"},
        "data": {"quantity": rng.randrange(9), "note": f"{rng.choice(VERBS)} soon", "gift": False},
    }


def _contexts(rng: random.Random) -> dict[str, Any]:
    trace = {
        "trace_id": f"{rng.getrandbits(128):032x}",
        "span_id": f"{rng.getrandbits(64):016x}",
        "parent_span_id": f"{rng.getrandbits(64):016x}",
        "op": "http.server",
    }
    runtime = {"name": "CPython", "version": "3.12.8", "build": "3.12.8 (main, Dec  9 2024) [GCC]"}
    return {"trace": trace, "runtime": runtime}


def _ip(rng: random.Random) -> str:
    return f"203.0.113.{rng.randrange(1, 255)}"


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
