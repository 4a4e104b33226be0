"""Secret values in messages of rules."""

import pytest

from pulumi_apprunner.offline.graph import Graph, Resource
from pulumi_apprunner.offline.policies.redaction import Redaction
from pulumi_apprunner.testing import Secret


def redact(message: str, *secrets: str) -> str:
    inputs = {str(index): Secret(value) for index, value in enumerate(secrets)}
    resource = Resource(urn="urn", type="t", name="n", parent=None, inputs=inputs, outputs={})
    return Redaction(Graph(project="p", stack="s", resources=(resource,))).apply(message)


@pytest.mark.parametrize(
    ("message", "secrets", "redacted"),
    [
        ("nothing to hide", (), "nothing to hide"),
        ("key hunter2.", ("hunter2",), "key [secret]."),
        ("hunter2hunter2", ("hunter2",), "[secret][secret]"),
        ("hunter2-long", ("hunter2", "hunter2-long"), "[secret]"),
        ("abcdefghijkl", ("abcdef", "efghijkl"), "[secret]"),
        ("an end hunter2", ("hunter2",), "an end [secret]"),
        ("a cat", ("cat",), "a cat"),
        ("cut " + "ab" * 60 + "…", ("ab" * 200, "ab" * 55 + "c"), "cut [secret]…"),
    ],
)
def test_a_message_contains_no_secret(message: str, secrets: tuple[str, ...], redacted: str) -> None:
    assert redact(message, *secrets) == redacted
