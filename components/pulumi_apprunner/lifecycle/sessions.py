"""Sessions of boto3, one for each way to call AWS in a run: credentials that refresh, clients, the caller's account."""

import logging
import os
import re
import threading
from collections.abc import Callable, Generator
from configparser import ConfigParser
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import pulumi
from botocore.exceptions import (  # pyright: ignore[reportMissingTypeStubs]
    BotoCoreError,
    ClientError,
    ParamValidationError,
)

from apprunner_facts.arns import Arn
from pulumi_apprunner.lifecycle.access import Access

T = TypeVar("T")

_UPDATE = {"connect_timeout": 5, "read_timeout": 20, "retries": {"mode": "standard", "total_max_attempts": 4}}
_PREVIEW = {"connect_timeout": 2, "read_timeout": 4, "retries": {"mode": "standard", "total_max_attempts": 1}}
_STS = {"connect_timeout": 5, "read_timeout": 10, "retries": {"mode": "standard", "total_max_attempts": 2}}
"""Timeouts in seconds. A preview only warns, so it waits for less."""

_SHOWN = 300
"""Characters of a failure that are shown: a proxy may answer with a page."""


# botocore logs a failed refresh with its traceback, and raises it; where nobody handles the log, Python prints it.
logging.getLogger("botocore.credentials").addHandler(logging.NullHandler())


class LookupFailedError(Exception):
    """AWS could not be asked, or its answer is not AWS's; the text says why in one line."""


class WrongAccountError(pulumi.RunError):
    """The credentials are for another account than the service's."""


class Session:
    """AWS as seen through one Access: each client, and whose account it is, is looked up once in a run.

    Its methods block, so they are for threads. They raise LookupFailedError, the same failure at each call.

    Args:
        access: Whose credentials, and where.
        preview: Whether answers are waited for only briefly.
    """

    def __init__(self, access: Access, *, preview: bool = False) -> None:
        self._access = access
        self._preview = preview
        self._clients: dict[tuple[str, str | None], Any] = {}
        self._lock = threading.Lock()
        self._session = _Once(lambda: _open(access))
        self._sts_region = access.sts_region
        self._caller = _Once(lambda: self._client("sts", self._sts_region).get_caller_identity())

    def client(self, service: str, region: str | None) -> Any:
        """Return the client of a service, under boto3's name, in a region; it is fit for several threads."""
        with readable_failures():
            return self._client(service, region)

    def require_account(self, arn: Arn) -> None:
        """Raise WrongAccountError where the credentials are for another account than an ARN's."""
        with readable_failures():
            self._sts_region = self._sts_region or arn.region
            caller = self._caller.value()
            account, identity = caller["Account"], caller["Arn"]
        if account != arn.account:
            raise WrongAccountError(
                f"credentials must be for account {arn.account}, which has the service, got account {account} "
                f"({identity}). Set lifecycle.profile or lifecycle.assume_role_arn to what the provider deploys with"
            )

    def _client(self, service: str, region: str | None) -> Any:
        session = self._session.value()
        with self._lock:  # a session of boto3 is not fit for several threads
            if (service, region) not in self._clients:
                timeouts = _PREVIEW if self._preview else _STS if service == "sts" else _UPDATE
                self._clients[service, region] = _client(session, self._access, service, region, timeouts)
            return self._clients[service, region]


@contextmanager
def readable_failures() -> Generator[None]:
    """Convert boto3's errors to LookupFailedError."""
    from botocore.parsers import ResponseParserError  # pyright: ignore[reportMissingTypeStubs]

    try:
        yield
    except (BotoCoreError, ClientError, ResponseParserError, OSError) as error:
        raise LookupFailedError(_one_line(error)) from error
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise LookupFailedError(
            f"expected an answer from AWS, got something else ({type(error).__name__}: {_one_line(error)}). "
            "A proxy may have answered in its place: check HTTPS_PROXY and NO_PROXY"
        ) from error


class _Once(Generic[T]):
    """A value that is looked up once, by whichever thread asks first; a failure is kept too."""

    def __init__(self, look_up: Callable[[], T]) -> None:
        self._look_up = look_up
        self._lock = threading.Lock()
        self._found: list[T] = []
        self._failure: str | None = None

    def value(self) -> T:
        with self._lock:
            if not self._found and self._failure is None:
                try:
                    with readable_failures():
                        self._found.append(self._look_up())
                except LookupFailedError as error:
                    self._failure = str(error)
        if self._failure is not None:
            raise LookupFailedError(self._failure)
        return self._found[0]


def _open(access: Access) -> Any:
    """Return a session of boto3 whose credentials refresh themselves."""
    import boto3  # pyright: ignore[reportMissingTypeStubs]  # slow to load, and most runs need no call

    make: Any = boto3.Session
    session = make(botocore_session=_core(access), region_name=access.region, **access.keys)
    if access.web_identity:
        session = _assumed(session, access, _web_identity_fetcher(access))
    for role in access.roles:
        session = _assumed(session, access, _role_fetcher(session, access, role))
    return session


def _core(access: Access) -> Any:
    """Return a session of botocore that reads the access's profile and files."""
    from botocore.session import Session as BotocoreSession  # pyright: ignore[reportMissingTypeStubs]

    core: Any = BotocoreSession(profile=access.profile)
    files = {"config_file": access.config_files, "credentials_file": access.credentials_files}
    for variable, paths in files.items():
        if paths:
            core.set_config_variable(variable, _file_with(access.profile, paths))
    return core


def _file_with(profile: str | None, paths: Any) -> str:
    """Return the first of several files that holds a profile, else the first; botocore reads one of each kind."""
    wanted = profile or os.environ.get("AWS_PROFILE") or "default"
    expanded = [os.path.expanduser(path) for path in paths]
    for path in expanded:
        parser = ConfigParser(interpolation=None)
        parser.read(path)
        if parser.has_section(wanted) or parser.has_section(f"profile {wanted}"):
            return path
    return expanded[0]


def _assumed(session: Any, access: Access, fetcher: Any) -> Any:
    """Return a session under a role's credentials: fetched when they are first needed, and before they expire."""
    import boto3  # pyright: ignore[reportMissingTypeStubs]
    from botocore.credentials import DeferredRefreshableCredentials  # pyright: ignore[reportMissingTypeStubs]

    core = _core(access)
    core._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    make: Any = boto3.Session
    return make(botocore_session=core, region_name=session.region_name)


def _role_fetcher(session: Any, access: Access, role: Any) -> Any:
    from botocore.credentials import AssumeRoleCredentialFetcher  # pyright: ignore[reportMissingTypeStubs]

    more = {name: value for name, value in role.items() if name != "RoleArn"}
    source = session.get_credentials()
    if source is None:
        raise LookupFailedError(
            f"credentials are required to assume the role {role['RoleArn']}, got none. Set lifecycle.profile "
            "or AWS_PROFILE"
        )
    make: Any = AssumeRoleCredentialFetcher
    return make(_sts_of(session, access), source, role["RoleArn"], extra_args=more, cache={})


def _web_identity_fetcher(access: Access) -> Any:
    from botocore.credentials import (  # pyright: ignore[reportMissingTypeStubs]
        AssumeRoleWithWebIdentityCredentialFetcher,
    )

    given = access.web_identity
    more = {name: value for name, value in given.items() if name not in ("RoleArn", "token", "token_file")}
    token = given.get("token")

    def load() -> str:
        if token:
            return str(token)
        with open(os.path.expanduser(given["token_file"])) as file:
            return file.read().strip()

    import boto3  # pyright: ignore[reportMissingTypeStubs]

    session: Any = boto3.Session(botocore_session=_core(access), region_name=access.region)
    make: Any = AssumeRoleWithWebIdentityCredentialFetcher
    return make(_sts_of(session, access), load, given["RoleArn"], extra_args=more, cache={})


def _sts_of(session: Any, access: Access) -> Callable[..., Any]:
    """Return what makes the client that a fetcher of botocore calls STS with, for credentials that it passes."""

    def make(service: str, **given: Any) -> Any:
        return _client(session, access, service, access.sts_region, _STS, **given)

    return make


def _client(session: Any, access: Access, service: str, region: str | None, timeouts: Any, **given: Any) -> Any:
    from botocore.config import Config  # pyright: ignore[reportMissingTypeStubs]

    settings = dict(access.connection)
    verify = settings.pop("verify", None)
    config = Config(max_pool_connections=50, **timeouts, **settings)
    if given.get("config") is not None:
        given["config"] = given["config"].merge(config)
    return session.client(
        service,
        region_name=region or access.region,
        endpoint_url=access.endpoints.get(service),
        verify=verify,
        **{"config": config, **given},
    )


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, ParamValidationError):  # it repeats what was passed, which may be secret
        text = re.sub(r"value: [^,]*", "value: (not shown)", text)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
