"""Addresses that lead nowhere: native-apis.md, section 2, 404."""

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
@pytest.mark.parametrize("path", ["/api/nothing", "/api/nothing/", "/api/errors/1/2/3", "/api/"])
def test_programs_are_told_in_json(method: str, path: str) -> None:
    answer = getattr(Client(), method)(path)
    assert answer.status_code == 404
    assert answer.content == b'{"detail":"Not found"}'
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.django_db
def test_people_get_a_page() -> None:
    answer = Client().get("/nothing/")
    assert answer.status_code == 404
    assert b"<html" in answer.content
