# pyright: standard
"""Access of the fake App Runner to the rest of the account, in moto: networks, keys, images, records and logs."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from moto.logs.models import logs_backends

from apprunner_facts.arns import EXAMPLE_ACCOUNT, parse_arn
from apprunner_facts.images import parse_image
from apprunner_local.apprunner import AppRunner
from apprunner_local.existing import REGION

Client = Callable[[str, str], Any]
"""Returns boto3's client for a service and a region."""


def vpc_of(client: Client, region: str, id: str) -> str | None:
    """Return the VPC of a subnet or a security group, None if it does not exist."""
    ec2 = client("ec2", region)
    try:
        if id.startswith("subnet-"):
            return str(ec2.describe_subnets(SubnetIds=[id])["Subnets"][0]["VpcId"])
        return str(ec2.describe_security_groups(GroupIds=[id])["SecurityGroups"][0]["VpcId"])
    except ec2.exceptions.ClientError:  # EC2's model declares no errors
        return None


def key_exists(client: Client, arn: str) -> bool:
    """Return whether a KMS key exists."""
    kms = client("kms", parse_arn(arn).region)
    try:
        kms.describe_key(KeyId=arn)
    except kms.exceptions.NotFoundException:
        return False
    return True


def image_exists(client: Client, identifier: str) -> bool:
    """Return whether an image exists, True if its repository is not in this account: it may exist elsewhere."""
    image = parse_image(identifier)
    if image is None or image.region is None or image.account != EXAMPLE_ACCOUNT:
        return True
    ecr = client("ecr", image.region)
    try:
        images = ecr.describe_images(repositoryName=image.repository)["imageDetails"]
    except ecr.exceptions.RepositoryNotFoundException:
        return True
    return any(image.tag in each.get("imageTags", ()) or image.digest == each["imageDigest"] for each in images)


def service_exists(plane: AppRunner, arn: str) -> bool:
    """Return whether an App Runner service exists."""
    service = plane.region(parse_arn(arn).region).services.get(arn)
    return service is not None and service.status != "DELETED"


def log_group_exists(region: str, name: str) -> bool:
    """Return whether a log group exists."""
    return name in logs_backends[EXAMPLE_ACCOUNT][region].groups


def cname_value(client: Client, name: str) -> str | None:
    """Return the value of the CNAME record of a name, None without one."""
    route53 = client("route53", REGION)
    for zone in route53.get_paginator("list_hosted_zones").paginate().search("HostedZones[]"):
        if not f".{name}".endswith(f".{zone['Name']}"):
            continue
        records = route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone["Id"])
        for record in records.search("ResourceRecordSets[?Type=='CNAME']"):
            if record["Name"].rstrip(".").lower() == name.rstrip(".").lower():
                return str(record["ResourceRecords"][0]["Value"])
    return None


def write_log(client: Client, region: str, group: str, stream: str, line: str) -> None:
    """Add a line to a log, with the machine's time: CloudWatch rejects old and future events."""
    logs = client("logs", region)
    event = {"timestamp": int(time.time() * 1000), "message": line}
    place = {"logGroupName": group, "logStreamName": stream}
    try:
        logs.put_log_events(**place, logEvents=[event])
    except logs.exceptions.ResourceNotFoundException:
        with suppress(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_group(logGroupName=group)
        logs.create_log_stream(**place)
        logs.put_log_events(**place, logEvents=[event])
