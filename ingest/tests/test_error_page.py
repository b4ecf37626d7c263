"""The reference's crash-report dialog: its script, and what people write in it."""

import json
import re
from urllib.parse import urlencode

import pytest

from ingest.protocol.open import open_message
from ingest.tests.conftest import ReadableInbox, Shop
from ingest.tests.inboxes import MEBIBYTE
from ingest.tests.sending import EVENT_ID, Answered, JsonObject, send_to_view

ORIGIN = {"Origin": "https://shop.example"}
FORM = {"Content-Type": "application/x-www-form-urlencoded", **ORIGIN}
WRITTEN = {"name": "Ana", "email": "ana@example.com", "comments": "I pressed Pay."}


def address(shop: Shop, event_id: str = EVENT_ID, **query: str) -> str:
    """As @sentry/browser makes it of a DSN."""
    dsn = f"https://{shop.key}@errors.example.com/7"
    return f"/api/embed/error-page/?{urlencode({'dsn': dsn, 'eventId': event_id, **query})}"


def get(path: str) -> Answered:
    return send_to_view(path, headers=ORIGIN, method="GET")


def post(path: str, fields: dict[str, str]) -> Answered:
    return send_to_view(path, urlencode(fields).encode(), FORM)


def options_of(script: str) -> JsonObject:
    """What the call at the script's end hands to the dialog."""
    call = re.search(r"^showCrashDialog\((.*), document\.currentScript\.src\);$", script, re.M)
    assert call
    found: JsonObject = json.loads(call[1])
    return found


@pytest.mark.usefixtures("inbox")
def test_get_gives_a_script_with_the_applications_words(shop: Shop) -> None:
    answer = get(address(shop, title="Oh no", name="Ana", email="a@b.example", lang="de"))

    assert (answer.status, answer.headers["content-type"]) == (
        200,
        "text/javascript; charset=utf-8",
    )
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert options_of(answer.body.decode()) == {
        "title": "Oh no",
        "name": "Ana",
        "email": "a@b.example",
        "lang": "de",
    }


@pytest.mark.usefixtures("inbox")
@pytest.mark.parametrize(
    "text",
    [
        "</script><script>alert(1)</script>",
        "\u2028alert(1)//",
        '");alert(1);//',
        '\\");alert(1);//',
        "<!--<script>",
        "${alert(1)}`",
        "\x01\ud7ff\uffff",
    ],
)
def test_no_parameter_leaves_its_text(shop: Shop, text: str) -> None:
    script = get(address(shop, title=text, name=text, unknown=text)).body.decode()

    options = options_of(script)
    assert options == {"title": text, "name": text}
    literal = script[script.index("showCrashDialog({") :]
    assert not set("<>&\u2028\u2029") & set(literal)


@pytest.mark.usefixtures("inbox")
def test_without_a_key_or_an_event_there_is_no_dialog(shop: Shop) -> None:
    assert get("/api/embed/error-page/").status == 400
    assert get(address(shop, event_id="<script>")).status == 400
    assert get(address(shop, event_id="")).status == 400
    unknown = address(shop).replace(shop.key, "0" * 32)
    assert get(unknown).status == 403
    no_key = f"/api/embed/error-page/?dsn=https%3A%2F%2Fa.example%2F7&eventId={EVENT_ID}"
    assert get(no_key).status in (400, 401)


def test_what_a_person_writes_is_a_user_report(shop: Shop, inbox: ReadableInbox) -> None:
    answer = post(address(shop), WRITTEN)

    assert (answer.status, answer.json) == (200, {"id": EVENT_ID})
    assert answer.headers["access-control-allow-origin"] == "*"
    (message,) = inbox.messages()
    envelope = open_message(message, max_bytes=MEBIBYTE)
    assert envelope.headers == {"event_id": EVENT_ID}
    (item,) = envelope.items
    assert item.type == "user_report"
    assert json.loads(bytes(item.payload)) == {"event_id": EVENT_ID, **WRITTEN}


def test_no_slash_no_redirect(shop: Shop, inbox: ReadableInbox) -> None:
    assert post(address(shop).replace("error-page/", "error-page"), WRITTEN).status == 200
    assert inbox.depth() == 1


def test_a_report_may_be_json(shop: Shop, inbox: ReadableInbox) -> None:
    headers = {"Content-Type": "application/json", **ORIGIN}

    assert send_to_view(address(shop), json.dumps(WRITTEN).encode(), headers).status == 200
    assert send_to_view(address(shop), b"[1]", headers).status == 400
    assert inbox.depth() == 1


def test_a_report_that_says_nothing_is_400(shop: Shop, inbox: ReadableInbox) -> None:
    answer = post(address(shop), {**WRITTEN, "comments": "  "})

    assert (answer.status, answer.json["causes"]) == (400, ["comments: required"])
    assert answer.headers["access-control-allow-origin"] == "*"
    assert post(address(shop), {f"f{number}": "x" for number in range(60)}).status == 400
    assert post(address(shop), {"comments": "x" * 70_000}).status == 413
    assert inbox.depth() == 0


def test_long_answers_are_cut(shop: Shop, inbox: ReadableInbox) -> None:
    post(address(shop), {"name": "n" * 500, "comments": "c" * 9000})

    (message,) = inbox.messages()
    report = json.loads(bytes(open_message(message, max_bytes=MEBIBYTE).items[0].payload))
    assert (len(report["name"]), len(report["comments"]), report["email"]) == (128, 4096, "")


@pytest.mark.usefixtures("inbox")
def test_only_the_projects_origins_may_report(shop: Shop) -> None:
    shop.change(allowed_origins=("https://other.example",))

    assert post(address(shop), WRITTEN).status == 403
    assert get(address(shop)).status == 403


@pytest.mark.usefixtures("inbox")
def test_a_browser_may_ask_first(shop: Shop) -> None:
    answer = send_to_view(address(shop), headers=ORIGIN, method="OPTIONS")

    assert answer.status == 200
    assert answer.headers["access-control-allow-methods"] == "GET, POST, OPTIONS"
    assert send_to_view(address(shop), headers=ORIGIN, method="PUT").status == 405
