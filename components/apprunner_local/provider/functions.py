"""The provider's functions."""

from collections.abc import Callable, Mapping

from apprunner_facts import tokens
from apprunner_local.provider.calls import Aws
from apprunner_local.provider.resource import Properties


def call_function(token: str, aws: Aws, properties: Properties) -> Properties:
    """Return a function's result.

    Raises:
        LookupError: The function is not emulated.
    """
    if token not in _FUNCTIONS:
        raise LookupError("the emulated provider does not support this function")
    return _FUNCTIONS[token](aws, properties)


def _caller(aws: Aws, _: Properties) -> Properties:
    answer = aws.call("sts", "GetCallerIdentity", {})
    return {"accountId": answer["Account"], "arn": answer["Arn"], "id": answer["Account"], "userId": answer["UserId"]}


def _region(aws: Aws, properties: Properties) -> Properties:
    region = properties.get("region") or properties.get("name") or aws.region
    endpoint = f"ec2.{region}.amazonaws.com"
    return {"description": region, "endpoint": endpoint, "id": region, "name": region, "region": region}


_FUNCTIONS: Mapping[str, Callable[[Aws, Properties], Properties]] = {
    tokens.GET_CALLER_IDENTITY: _caller,
    tokens.GET_REGION: _region,
}
