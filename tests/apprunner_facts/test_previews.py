"""Names and expiry of environments for pull requests."""

from datetime import date

import pytest

from apprunner_facts.previews import has_expired, number_of, preview_host, stack_name


def test_a_stacks_name_contains_the_number() -> None:
    assert stack_name(123) == "pr-123"
    assert number_of(stack_name(123)) == 123


@pytest.mark.parametrize("name", ["prod", "pr-", "pr-0", "pr-012", "pr-1a", "my-pr-1", "pr-1\n", "PR-1"])
def test_other_stacks_have_no_number(name: str) -> None:
    assert number_of(name) is None


@pytest.mark.parametrize(
    ("domain", "host"),
    [
        ("shop.example.com", "shop-pr-7.example.com"),
        ("a.shop.example.com", "a-pr-7.shop.example.com"),
        ("example.com", "pr-7.example.com"),
    ],
)
def test_a_host_stays_in_the_zone_and_one_level_deep(domain: str, host: str) -> None:
    assert preview_host(domain, "example.com", 7) == host


def test_an_environment_expires_when_its_day_begins() -> None:
    expires = date(2026, 12, 4)
    assert not has_expired(expires, date(2026, 12, 3))
    assert has_expired(expires, expires)
    assert has_expired(expires, date(2027, 1, 1))
