"""Tags, on every kind of resource."""

from apprunner_local.apprunner.refused import not_found
from apprunner_local.apprunner.state import Members, Region


def add(region: Region, given: Members) -> Members:
    """TagResource."""
    _of(region, given["ResourceArn"]).update({tag["Key"]: tag["Value"] for tag in given["Tags"]})
    return {}


def remove(region: Region, given: Members) -> Members:
    """UntagResource."""
    tags = _of(region, given["ResourceArn"])
    for key in given["TagKeys"]:
        tags.pop(key, None)
    return {}


def list_all(region: Region, given: Members) -> Members:
    """ListTagsForResource."""
    tags = _of(region, given["ResourceArn"])
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _of(region: Region, arn: str) -> dict[str, str]:
    if arn not in region.tags:
        raise not_found(arn)
    return region.tags[arn]
