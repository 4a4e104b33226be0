"""Tags, on every kind of resource."""

from apprunner_local.apprunner.errors import not_found
from apprunner_local.apprunner.state import Members, Region


def add(region: Region, parameters: Members) -> Members:
    """TagResource."""
    _of(region, parameters["ResourceArn"]).update({tag["Key"]: tag["Value"] for tag in parameters["Tags"]})
    return {}


def remove(region: Region, parameters: Members) -> Members:
    """UntagResource."""
    tags = _of(region, parameters["ResourceArn"])
    for key in parameters["TagKeys"]:
        tags.pop(key, None)
    return {}


def list_all(region: Region, parameters: Members) -> Members:
    """ListTagsForResource."""
    tags = _of(region, parameters["ResourceArn"])
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _of(region: Region, arn: str) -> dict[str, str]:
    if arn not in region.tags:
        raise not_found(arn)
    return region.tags[arn]
