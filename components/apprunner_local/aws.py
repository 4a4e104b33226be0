# pyright: standard
"""An account on this machine: moto's services, the fake App Runner, and the connections between the two."""

import os
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import boto3
from botocore.config import Config

from apprunner_facts.arns import EXAMPLE_ACCOUNT, parse_arn
from apprunner_facts.identity import (
    DECRYPT_ACTION,
    READ_PARAMETER_ACTION,
    READ_SECRET_ACTION,
    VIA_SERVICE,
    via_services,
)
from apprunner_local.apprunner import AppRunner, Clock, Durations, World, serve
from apprunner_local.edge.clients import make_client
from apprunner_local.edge.cloudfront import CloudFront
from apprunner_local.events import EventBus
from apprunner_local.executions import executing, stop_executions
from apprunner_local.existing import REGION, Existing
from apprunner_local.inventory import inventory
from apprunner_local.moto_access import (
    cname_value,
    image_exists,
    key_exists,
    log_group_exists,
    service_exists,
    vpc_of,
    write_log,
)
from apprunner_local.permissions import Context, allowed, trusts
from apprunner_local.rest import serve_rest
from apprunner_local.seed import Seed
from apprunner_local.waf.web_acls import WebAcls

_ACCESS_KEY, _SECRET_KEY = "AKIAIOSFODNN7EXAMPLE", "example"

_QUICK = {
    "create_service": 0.3,
    "update_service": 0.3,
    "start_deployment": 0.3,
    "pause_service": 0.2,
    "resume_service": 0.2,
    "delete_service": 0.2,
    "certificate": 0.1,
    "binding": 0.1,
    "disassociation": 0.1,
    "ingress_connection": 0.1,
}


@dataclass(frozen=True)
class RoleCall:
    """A call of App Runner, EventBridge, Scheduler or Step Functions under a role.

    Args:
        role: The role's ARN.
        action: Such as secretsmanager:GetSecretValue.
        resource: The ARN of the resource, "*" for an action without resource-level permissions.
        allowed: Whether the role's policies allow it.
    """

    role: str
    action: str
    resource: str
    allowed: bool


class LocalAws:
    """An AWS account on this machine; `start` creates one.

    moto's state belongs to the process: all instances in it share one account.

    Args:
        rest: moto's address.
        apprunner: The fake App Runner's address.
        plane: The fake.
        web_acls: AWS WAF's web ACLs.
        cloudfront: The fake CloudFront.
        existing: What exists from the start, and after every reset. Default: nothing.
    """

    plane: AppRunner
    """The fake App Runner: its clock, its faults and its recorded calls."""
    role_delay: float
    """Seconds after its creation at which a role can be assumed, on a ticking clock; a reset sets it to 0."""
    role_calls: list[RoleCall]
    """The calls under roles, oldest first."""
    events: EventBus
    """EventBridge's default bus, which delivers the account's events."""

    web_acls: WebAcls
    """AWS WAF's web ACLs, and their faults."""
    cloudfront: CloudFront
    """The fake CloudFront."""

    def __init__(
        self,
        rest: str,
        apprunner: str,
        plane: AppRunner,
        web_acls: WebAcls,
        cloudfront: CloudFront,
        existing: Iterable[Existing] = (),
    ) -> None:
        self.environment = {
            "AWS_ENDPOINT_URL": rest,
            "AWS_ENDPOINT_URL_APPRUNNER": apprunner,
            "AWS_ACCESS_KEY_ID": _ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": _SECRET_KEY,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }
        self.plane = plane
        self.web_acls = web_acls
        self.cloudfront = cloudfront
        self.role_delay = 0.0
        self.role_calls = []
        self._session = boto3.Session(_ACCESS_KEY, _SECRET_KEY)
        self._making = threading.Lock()
        self._clients: dict[tuple[str, str], Any] = {}
        self._existing = list(existing)
        self._seed = Seed(self.client)
        self._seeded: list[str] = []
        self.events = EventBus(self.client, self.check_permission, lambda: self.plane.clock.now())

    @classmethod
    @contextmanager
    def start(
        cls,
        world: World | None = None,
        port: int = 0,
        apprunner_port: int = 0,
        existing: Iterable[Existing] = (),
    ) -> Iterator["LocalAws"]:
        """Serve an account on loopback, in this process, until the block ends.

        Args:
            world: App Runner's environment. Its default functions are replaced by moto. Default: a ticking clock and
                operations of less than half a second.
            port: moto's port. Default: any that is free.
            apprunner_port: The fake App Runner's port. Default: any that is free.
            existing: What exists from the start, and after every reset. Default: nothing.
        """
        plane = AppRunner(account=EXAMPLE_ACCOUNT)

        def changed(source: str, region: str, detail_type: str, arn: str, detail: dict[str, str]) -> None:
            aws.events.send(region, detail_type, arn, detail, source)

        web_acls = WebAcls(partial(service_exists, plane), log_group_exists)
        cloudfront = CloudFront()
        with serve_rest(web_acls, cloudfront, port, changed) as rest, serve(plane, apprunner_port) as apprunner:
            aws = cls(rest, apprunner, plane, web_acls, cloudfront, existing)
            with executing(aws):
                try:
                    aws.reset(world)
                    yield aws
                finally:
                    for client in aws._clients.values():
                        client.close()

    def client(self, service: str, region: str = REGION) -> Any:
        """Return boto3's client for a service."""
        with self._making:  # clients are thread-safe, the session that creates them is not
            if (service, region) not in self._clients:
                url = self.environment["AWS_ENDPOINT_URL_APPRUNNER" if service == "apprunner" else "AWS_ENDPOINT_URL"]
                config = Config(retries={"total_max_attempts": 1}, proxies={})
                self._clients[service, region] = make_client(
                    self._session, service, config, region_name=region, endpoint_url=url
                )
            return self._clients[service, region]

    def reset(self, world: World | None = None) -> None:
        """Delete everything except the existing resources.

        Args:
            world: App Runner's new environment. Default: as for `start`.
        """
        stop_executions()
        forget = Request(f"{self.environment['AWS_ENDPOINT_URL']}/moto-api/reset", method="POST")
        build_opener(ProxyHandler({})).open(forget).close()
        self.plane.reset(self._connected(world or World(clock=Clock(ticking=True), durations=Durations(**_QUICK))))
        self.role_delay = 0.0
        self.role_calls.clear()
        self.web_acls.unavailable = 0
        self.cloudfront.reset()
        self.events.deliveries.clear()
        self._seed = Seed(self.client)
        for each in self._existing:
            self._seed.add(each)
        self._seeded = inventory(self.client, self.plane, REGION)

    def seed(self, existing: Existing) -> None:
        """Create the resources that a stack file refers to and that do not exist yet, until the next reset."""
        before = Counter(inventory(self.client, self.plane, REGION))
        self._seed.add(existing)
        self._seeded += (Counter(inventory(self.client, self.plane, REGION)) - before).elements()

    def created_resources(self) -> list[str]:
        """Return all resources except the existing ones, sorted, as strings such as "iam role orders"."""
        current = Counter(inventory(self.client, self.plane, REGION))
        return sorted([*(current - Counter(self._seeded)).elements(), *self.cloudfront.names()])

    def check_permission(self, role: str, action: str, resource: str, context: Context | None = None) -> bool:
        """Return whether an existing role may do something, and record the call in `role_calls`."""
        iam = self.client("iam")
        try:
            may = allowed(iam, role, action, resource, context)
        except iam.exceptions.NoSuchEntityException:
            may = False
        self.role_calls.append(RoleCall(role, action, resource, may))
        return may

    def check_key_permission(self, role: str, action: str, key: str, encrypted: str) -> bool:
        """Return whether a role may use a key through the service of the encrypted resource.

        That service calls KMS on behalf of its caller, and sets kms:ViaService (source.KMS_VIA_SERVICE).
        """
        (service, *_) = via_services(encrypted)
        return self.check_permission(role, action, key, {VIA_SERVICE: service})

    def own_key(self, key: str | None, region: str) -> str | None:
        """Return the ARN of a customer managed key, None for an AWS managed key and for no key."""
        if not key or "alias/aws/" in key:
            return None
        described = self.client("kms", region).describe_key(KeyId=key)
        return str(described["KeyMetadata"]["Arn"])

    def _connected(self, world: World) -> World:
        """Replace a world's default functions by moto."""
        plugs = {
            "role_ready": self._role_ready,
            "access_error": self._access_error,
            "vpc_of": partial(vpc_of, self.client),
            "key_exists": partial(key_exists, self.client),
            "image_exists": partial(image_exists, self.client),
            "records": partial(cname_value, self.client),
            "log": partial(write_log, self.client),
            "event": self.events.send,
            "seed": self._seed_file,
        }
        for name, plug in plugs.items():
            if getattr(world, name) is getattr(World, name):
                setattr(world, name, plug)
        return world

    def _seed_file(self, file: str) -> None:
        self.seed(Existing.read(Path(file)))

    def _role_ready(self, arn: str, principal: str) -> bool:
        iam = self.client("iam")
        try:
            # It is not documented whether App Runner sends the service for which it assumes a role: no condition holds.
            if not trusts(iam, arn, principal):
                return False
            created_at = iam.get_role(RoleName=arn.rpartition("/")[2])["Role"]["CreateDate"].timestamp()
        except iam.exceptions.NoSuchEntityException:
            return False
        return not self.role_delay or self.plane.clock.now() >= created_at + self.role_delay

    def _access_error(self, role: str, action: str, resource: str) -> str | None:
        if not self.check_permission(role, action, resource):
            return "AccessDeniedException"
        try:
            key = self._key_of(action, resource)
        except LookupError:
            return "ResourceNotFoundException"
        if key and not self.check_key_permission(role, DECRYPT_ACTION, key, resource):
            return f"AccessDeniedException: {DECRYPT_ACTION} on {key}"
        return None

    def _key_of(self, action: str, resource: str) -> str | None:
        """Return the customer managed key of a secret or a parameter. Raise LookupError if that does not exist."""
        if action == READ_SECRET_ACTION:
            secrets = self.client("secretsmanager", parse_arn(resource).region)
            try:
                key = secrets.describe_secret(SecretId=resource).get("KmsKeyId")
            except secrets.exceptions.ResourceNotFoundException:
                raise LookupError(resource) from None
        elif action == READ_PARAMETER_ACTION:
            arn = parse_arn(resource)
            name = arn.resource.removeprefix("parameter")
            filters = [{"Key": "Name", "Values": [name, name.removeprefix("/")]}]
            response = self.client("ssm", arn.region).describe_parameters(ParameterFilters=filters)
            key = response["Parameters"][0].get("KeyId")
        else:
            return None
        return self.own_key(key, parse_arn(resource).region)
