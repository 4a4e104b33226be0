"""Small programs of our components, as strings; tests vary their arguments."""

from collections.abc import Mapping
from pprint import pformat
from typing import Any

VPC_ID = "vpc-0f61728394a5b6c7d"
SUBNET_IDS = ["subnet-01728394a5b6c7d8e", "subnet-028394a5b6c7d8e9f", "subnet-0394a5b6c7d8e9f0a"]
DATABASE_GROUP_ID = "sg-04a5b6c7d8e9f0a1b"
ZONE = {"id": "Z04STAGING1EXAMPLE0", "name": "staging.example.com"}
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:storefront/staging/orders-db-Jq3kTz"
KMS_KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/5f2b7c1e-8d3a-4e6f-9b10-2c4d6e8f0a1b"
PRIVATE_IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/storefront/api:1.4.2"
PUBLIC_IMAGE = "public.ecr.aws/docker/library/httpd:2.4"
"""The example's stack files contain all of these, so that the local AWS has them."""
CERTIFICATE_ARN = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
ORIGIN_SECRET = "correct-horse-battery-staple"

_HEAD = """\
import pulumi
from pulumi_apprunner import (
    AppRunnerService, CustomDomain, Fleet, GitHubDelivery, ImageRepository, NotificationTopic, PauseSchedule,
    LogRetention, PrivateEndpoint, PrivateIngress, RedeployOnPush, RedeployOnRotation, ScalingProfile, SecretsBinding,
    ServiceMonitoring, TrafficSplit, VpcEgress, WebFirewall
)

services = {}
"""


def service(name: str = "api", **args: Any) -> str:
    """Return the lines that create a service; by default of a public image, which needs no access role."""
    values = {"image": {"identifier": PUBLIC_IMAGE}, "port": 80, **args}
    known = {key: value for key, value in values.items() if value is not None}
    return (
        f"services[{name!r}] = AppRunnerService({name!r}, {_text(known)})\n"
        f"pulumi.export({name!r}, services[{name!r}].url)\n"
    )


def domain(domain_name: str = "api.staging.example.com", of: str = "api", **args: Any) -> str:
    """Return the lines that create a service's domain, with its records in the zone of staging."""
    values = {"domain_name": domain_name, "zone": ZONE, **args}
    return f"CustomDomain({domain_name!r}, {{**{_text(values)}, 'service_arn': services[{of!r}].arn}})\n"


def schedule(of: str = "api", **args: Any) -> str:
    """Return the lines that pause a service outside of working hours."""
    values = {"timezone": "Europe/Berlin", "running": [{"days": "Mon-Fri", "start": "08:00", "end": "20:00"}], **args}
    return f"PauseSchedule('{of}-hours', {{**{_text(values)}, 'service_arn': services[{of!r}].arn}})\n"


def retention(of: str = "api", **args: Any) -> str:
    """Return the lines that set the retention of a service's logs."""
    return f"LogRetention('{of}-logs', {{**{_text(args)}, 'service_arn': services[{of!r}].arn}})\n"


def profile(**args: Any) -> str:
    """Return the lines that create a scaling profile, small."""
    return f"small = ScalingProfile('small', {_text(args)})\n"


def scaled_service(name: str = "api", **args: Any) -> str:
    """Return the lines that create a service with this profile."""
    return service(name, **args).replace(
        f"AppRunnerService({name!r}, {{", f"AppRunnerService({name!r}, {{'auto_scaling_configuration_arn': small.arn, "
    )


def repository(**args: Any) -> str:
    """Return the lines that create a repository, images."""
    return f"images = ImageRepository('images', {_text(args)})\n"


def delivery(of: str | None = None, **args: Any) -> str:
    """Return the lines that create the delivery of images to the repository, and to a service if one is named."""
    service = f", 'service_arn': services[{of!r}].arn" if of else ""
    values = {"github_repository": "acme/orders", **args}
    return f"GitHubDelivery('delivery', {{**{_text(values)}, 'repository_arn': images.arn{service}}})\n"


def topic(**args: Any) -> str:
    """Return the lines that create a topic, on_call."""
    return f"on_call = NotificationTopic('on-call', {_text(args)})\n"


def monitoring(of: str = "api", **args: Any) -> str:
    """Return the lines that monitor a service and notify the topic."""
    references = f"'service_arn': services[{of!r}].arn, 'topic_arn': on_call.arn"
    return f"ServiceMonitoring('{of}-monitoring', {{**{_text({'max_size': 3, **args})}, {references}}})\n"


def rotation(secrets: Mapping[str, Any], of: str = "api", **args: Any) -> str:
    """Return the lines that deploy a service again after the rotation of its secrets, and notify the topic."""
    references = f"'service_arn': services[{of!r}].arn, 'topic_arn': on_call.arn"
    values = {"secrets": dict(secrets), **args}
    return f"RedeployOnRotation('{of}-rotation', {{**{_text(values)}, {references}}})\n"


def pushes(image: str, of: str = "api", **args: Any) -> str:
    """Return the lines that deploy a service again after a push of its image, and notify the topic."""
    references = f"'service_arn': services[{of!r}].arn, 'topic_arn': on_call.arn"
    return f"RedeployOnPush('{of}-pushes', {{**{_text({'image': image, **args})}, {references}}})\n"


def endpoint(**args: Any) -> str:
    """Return the lines that create an endpoint for private services in the example's VPC."""
    clients = {"offices": {"cidr": "10.20.0.0/16"}}
    values = {"vpc_id": VPC_ID, "subnet_ids": SUBNET_IDS[:2], "clients": clients, **args}
    return f"endpoint = PrivateEndpoint('internal', {_text(values)})\n"


def ingress(of: str = "api") -> str:
    """Return the lines that connect a private service with the endpoint."""
    ids = "'vpc_id': endpoint.vpc_id, 'vpc_endpoint_id': endpoint.vpc_endpoint_id"
    return f"PrivateIngress('{of}-ingress', {{'service_arn': services[{of!r}].arn, {ids}}})\n"


def fleet(services: Mapping[str, Any], **args: Any) -> str:
    """Return the lines that create a Fleet of services, each by default of a public image."""
    image = {"image": {"identifier": PUBLIC_IMAGE}, "port": 80}
    values = {"environment": "test", "services": {name: image | each for name, each in services.items()}, **args}
    return f"pulumi.export('services', Fleet('shop', {_text(values)}).services)\n"


def firewall(name: str = "edge", **args: Any) -> str:
    """Return the lines that create a firewall; its name is also that of the variable."""
    return f"{name} = WebFirewall({name!r}, {_text(args)})\n"


def split(stable: str = "stable", candidate: str | None = "candidate", **args: Any) -> str:
    """Return the lines that split the requests of shop.staging.example.com between two services."""
    values = {"domain_name": "shop.staging.example.com", "certificate_arn": CERTIFICATE_ARN, "zone": ZONE, **args}
    ends = {"stable": stable, "candidate": candidate}
    services = "".join(
        f"'{role}': {{'arn': services[{name!r}].arn, 'url': services[{name!r}].url}}, "
        for role, name in ends.items()
        if name
    )
    secret = f"pulumi.Output.secret({ORIGIN_SECRET!r})"
    return f"TrafficSplit('shop', {{**{_text(values)}, {services}'origin_secret': {secret}}})\n"


def protected_service(name: str = "api", firewall: str = "edge", **args: Any) -> str:
    """Return the lines that create a service with a firewall."""
    return service(name, **args).replace(
        f"AppRunnerService({name!r}, {{", f"AppRunnerService({name!r}, {{'web_acl_arn': {firewall}.arn, "
    )


def program(*lines: str) -> str:
    """Return a program of these lines."""
    return _HEAD + "".join(lines)


def _text(args: Mapping[str, Any]) -> str:
    return pformat(dict(args), sort_dicts=False)
