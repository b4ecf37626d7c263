"""Hosts that sign with different keys find out."""

from typing import Any

import pytest

from accounts.signing import has_other_key, remember_signing_key

pytestmark = pytest.mark.django_db


def test_a_host_with_another_key_says_so_until_the_site_is_prepared_with_it(settings: Any) -> None:
    assert not has_other_key()
    assert not remember_signing_key()
    assert not has_other_key()
    settings.SECRET_KEY = "another host's"
    assert has_other_key()
    assert remember_signing_key()
    assert not has_other_key()
