"""Policy documents as objects: the offline engine converts them to JSON, as the provider does."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from pulumi_apprunner.testing import UNKNOWN, Secret, run

READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*"}
DOCUMENT = {"Version": "2012-10-17", "Statement": [READ]}


def _policy(document: Any, unknown: bool = False) -> tuple[Any, Any]:
    """Return the input of a policy with a document, and the output that a program gets."""
    received: list[Any] = []

    def program() -> None:
        content: Any = document() if callable(document) else document
        policy = aws.iam.Policy("policy", policy=content)
        policy.policy.apply(received.append)

    graph = run(program, unknown=unknown)
    return graph.named("policy").inputs["policy"], received[0] if received else None


def _arguments() -> aws.iam.PolicyDocumentArgs:
    # The SDK accepts no list for action or resource here.
    statement = aws.iam.PolicyStatementArgs(
        effect=aws.iam.PolicyStatementEffect.ALLOW, action="s3:GetObject", resource="arn:aws:s3:::orders/*"
    )
    return aws.iam.PolicyDocumentArgs(
        version=aws.iam.PolicyDocumentVersion.POLICY_DOCUMENT_VERSION_2012_10_17, statement=[statement]
    )


@pytest.mark.parametrize("document", [DOCUMENT, _arguments], ids=["dict", "PolicyDocumentArgs"])
def test_a_document_as_an_object_becomes_json(document: Any) -> None:
    text, output = _policy(document)
    assert json.loads(text) == DOCUMENT
    assert output == text


def test_a_document_as_json_stays_as_it_is() -> None:
    assert _policy('{"Version": "2012-10-17"}') == ('{"Version": "2012-10-17"}',) * 2


def test_a_document_with_an_unknown_value_is_unknown() -> None:
    def document() -> Any:
        return {**DOCUMENT, "Statement": [{**READ, "Resource": [aws.s3.Bucket("orders").arn]}]}

    assert _policy(document, unknown=True) == (UNKNOWN, None)


def test_a_document_with_a_secret_is_a_secret() -> None:
    text, _ = _policy(lambda: {**DOCUMENT, "Id": pulumi.Output.secret("orders")})
    assert isinstance(text, Secret)
    assert json.loads(text.value) == {**DOCUMENT, "Id": "orders"}


def test_other_maps_stay_maps() -> None:
    graph = run(lambda: aws.iam.Policy("policy", policy="{}", tags={"team": "orders"}) and None)
    assert graph.named("policy").inputs["tags"] == {"team": "orders"}
