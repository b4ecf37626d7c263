"""A person with a browser, as far as forms and cookies go."""

import re

import httpx

from tests.server import ADMIN_PASSWORD, Site

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def sign_in(site: Site) -> httpx.Client:
    """A client with the administrator's session."""
    client = httpx.Client(base_url=site.base_url, timeout=20)
    submit(client, "/accounts/login/", login="admin", password=ADMIN_PASSWORD)
    assert "sessionid" in client.cookies
    return client


def submit(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    """Fill in the form at this address and send it."""
    token = _TOKEN.search(client.get(path).text)
    assert token, f"{path} has no form"
    data = {"csrfmiddlewaretoken": token[1], **fields}
    return client.post(path, data=data, headers={"Referer": f"{client.base_url}{path}"})
