"""The provider's functions."""

from collections.abc import Callable, Mapping

from apprunner_facts import tokens
from apprunner_local.provider.calls import Aws
from apprunner_local.provider.resource import Properties


def asked(token: str, aws: Aws, given: Properties) -> Properties:
    """Return a function's answer.

    Raises:
        LookupError: There is no such function here.
    """
    if token not in _FUNCTIONS:
        raise LookupError("the stand-in for pulumi-aws does not know this function")
    return _FUNCTIONS[token](aws, given)


def _caller(aws: Aws, _: Properties) -> Properties:
    said = aws.call("sts", "GetCallerIdentity", {})
    return {"accountId": said["Account"], "arn": said["Arn"], "id": said["Account"], "userId": said["UserId"]}


def _region(aws: Aws, given: Properties) -> Properties:
    region = given.get("region") or given.get("name") or aws.region
    endpoint = f"ec2.{region}.amazonaws.com"
    return {"description": region, "endpoint": endpoint, "id": region, "name": region, "region": region}


_FUNCTIONS: Mapping[str, Callable[[Aws, Properties], Properties]] = {
    tokens.GET_CALLER_IDENTITY: _caller,
    tokens.GET_REGION: _region,
}
