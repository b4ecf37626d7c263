"""What a project wants done with its events."""

import pytest

from errors.services.policies import forget_policies, policy_of
from errors.tests.factories import make_project

pytestmark = pytest.mark.django_db


def test_each_line_is_one_field_name() -> None:
    project = make_project(sensitive_fields="credit card\r\n\n  iban \n", safe_fields="token count")
    policy = policy_of(project.pk)
    assert policy is not None
    assert policy.scrub.sensitive_fields == ("credit card", "iban")
    assert policy.scrub.safe_fields == ("token count",)


def test_a_deleted_project_takes_no_events() -> None:
    project = make_project()
    assert policy_of(project.pk) is not None
    project.deleted_at = project.created_at
    project.save()
    forget_policies()
    assert policy_of(project.pk) is None
