"""AWS as the deployer: whose credentials, which account, which region."""

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import pulumi

from apprunner_facts.arns import Arn
from pulumi_apprunner.args.lifecycle import Lifecycle

_SESSION_NAME = "pulumi-apprunner"


class WrongAccountError(pulumi.RunError):
    """The credentials found are another account's than the service."""


@dataclass(frozen=True)
class Access:
    """How AWS is asked: what a Lifecycle says, else what the stack's configuration gives to pulumi-aws, else boto3's
    own."""

    profile: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    roles: Sequence[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    """Roles that are assumed one after the other, as boto3's AssumeRole takes them."""
    region: str | None = None
    endpoints: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, said: Lifecycle) -> "Access":
        """Return what holds for a component of the program that runs now."""
        config = pulumi.Config("aws")
        place: dict[str, Any] = {
            "region": config.get("region") or os.environ.get("AWS_REGION"),
            "endpoints": {name: url for each in _listed(config, "endpoints") for name, url in each.items() if url},
        }
        if said.profile or said.assume_role_arn:
            roles = [_role({"roleArn": said.assume_role_arn})] if said.assume_role_arn else []
            return cls(profile=said.profile, roles=roles, **place)
        names = {"accessKey": "aws_access_key_id", "secretKey": "aws_secret_access_key", "token": "aws_session_token"}
        keys = {ours: value for theirs, ours in names.items() if (value := config.get(theirs))}
        roles = [_role(each) for each in _listed(config, "assumeRoles") if each.get("roleArn")]
        return cls(profile=config.get("profile"), keys=keys, roles=roles, **place)

    def clients(self, region: str | None) -> "Clients":
        """Return the clients of a region; asking them is for a thread."""
        with _OPENING:
            found = next((each for each in _OPENED if (each.access, each.region) == (self, region)), None)
            if found is None:
                _OPENED.append(found := Clients(self, region))
        return found


class Clients:
    """boto3's clients in one region, each made once: they are dear to make, not to use, and fit for several threads."""

    def __init__(self, access: Access, region: str | None) -> None:
        self.access, self.region = access, region
        self._made: dict[str, Any] = {}
        self._making = threading.RLock()  # a session is not fit for several threads

    def of(self, service: str) -> Any:
        """Return the client of a service, under boto3's name."""
        with self._making:
            if service not in self._made:
                self._made[service] = self._client(self._session, service)
            return self._made[service]

    def must_be_of(self, arn: Arn) -> None:
        """Have the credentials belong to the account of an ARN.

        Raises:
            WrongAccountError: They are another account's.
        """
        if self._caller["Account"] != arn.account:
            raise WrongAccountError(
                f"the service is in account {arn.account}, and the credentials found are of account "
                f"{self._caller['Account']} ({self._caller['Arn']}): set lifecycle.profile or "
                "lifecycle.assume_role_arn to what the provider deploys with"
            )

    @cached_property
    def _caller(self) -> Mapping[str, str]:
        with self._making:
            return self.of("sts").get_caller_identity()

    @cached_property
    def _session(self) -> Any:
        import boto3  # pyright: ignore[reportMissingTypeStubs]  # slow to load, and most runs ask AWS nothing

        make: Any = boto3.Session
        session = make(
            profile_name=self.access.profile, region_name=self.region or self.access.region, **self.access.keys
        )
        for role in self.access.roles:
            given = self._client(session, "sts").assume_role(**role)["Credentials"]
            session = make(
                aws_access_key_id=given["AccessKeyId"],
                aws_secret_access_key=given["SecretAccessKey"],
                aws_session_token=given["SessionToken"],
                region_name=session.region_name,
            )
        return session

    def _client(self, session: Any, service: str) -> Any:
        from botocore.config import Config  # pyright: ignore[reportMissingTypeStubs]

        patient = Config(retries={"mode": "standard", "max_attempts": 5}, connect_timeout=10, read_timeout=30)
        return session.client(service, config=patient, endpoint_url=self.access.endpoints.get(service))


_OPENED: list[Clients] = []
_OPENING = threading.Lock()


def _role(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a role of the provider's configuration as AssumeRole takes it."""
    given = {
        "RoleArn": said["roleArn"],
        "RoleSessionName": said.get("sessionName") or _SESSION_NAME,
        "ExternalId": said.get("externalId"),
    }
    return {name: value for name, value in given.items() if value}


def _listed(config: pulumi.Config, key: str) -> list[Mapping[str, Any]]:
    found: Any = config.get_object(key)
    listed = cast(list[Any], found) if isinstance(found, list) else []
    return [cast(Mapping[str, Any], each) for each in listed if isinstance(each, Mapping)]
