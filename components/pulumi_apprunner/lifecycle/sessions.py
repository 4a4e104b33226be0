"""boto3 sessions, one per Access and run: refreshable credentials, clients, and the caller's account."""

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
"""Timeouts in seconds. They are shorter in a preview, which only warns."""

_ADVICE = "Set lifecycle.profile or lifecycle.assume_role_arn to what the provider deploys with"

_MAX_CHARACTERS = 300
"""Maximum characters of a failure in messages, since a proxy may respond with a page."""


# botocore logs a failed refresh with its traceback, and raises it. Without a handler Python prints the log.
logging.getLogger("botocore.credentials").addHandler(logging.NullHandler())


class LookupFailedError(Exception):
    """A call failed, or the response is not from AWS. The message is the reason in one line."""


class WrongAccountError(pulumi.RunError):
    """The credentials are for another account than the service's."""


class Session:
    """The boto3 clients of one Access. It creates each client, and looks up the caller's account, once in a run.

    Its methods block, so call them in threads. After a failure they raise the same LookupFailedError at each call.

    Args:
        access: The credentials, region and endpoints.
        preview: Whether to use the shorter timeouts of a preview.
        advice: What to do about credentials for another account. Default: the settings of a component.
    """

    def __init__(self, access: Access, *, preview: bool = False, advice: str = _ADVICE) -> None:
        self._access = access
        self._advice = advice
        self._preview = preview
        self._clients: dict[tuple[str, str | None], Any] = {}
        self._lock = threading.Lock()
        self._session = _Once(lambda: _open(access))
        self._sts_region = access.sts_region
        self._caller = _Once(lambda: self._client("sts", self._sts_region).get_caller_identity())

    def client(self, service: str, region: str | None) -> Any:
        """Return the client of a service, by boto3's name, in a region. Clients are thread-safe."""
        with readable_failures():
            return self._client(service, region)

    def require_account(self, arn: Arn) -> None:
        """Raise WrongAccountError if the credentials are for another account than an ARN's."""
        with readable_failures():
            self._sts_region = self._sts_region or arn.region
            caller = self._caller.value()
            account, identity = caller["Account"], caller["Arn"]
        if account != arn.account:
            raise WrongAccountError(
                f"credentials must be for account {arn.account}, which has the service, got account {account} "
                f"({identity}). {self._advice}"
            )

    def _client(self, service: str, region: str | None) -> Any:
        session = self._session.value()
        with self._lock:  # a boto3 session is not thread-safe
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
            f"expected a response from AWS, got something else ({type(error).__name__}: {_one_line(error)}). "
            "A proxy may have responded instead: check HTTPS_PROXY and NO_PROXY"
        ) from error


class _Once(Generic[T]):
    """A value that the first thread looks up for all threads. It keeps a failure too."""

    def __init__(self, look_up: Callable[[], T]) -> None:
        self._look_up = look_up
        self._lock = threading.Lock()
        self._values: list[T] = []
        self._failure: LookupFailedError | None = None

    def value(self) -> T:
        with self._lock:
            if not self._values and self._failure is None:
                try:
                    with readable_failures():
                        self._values.append(self._look_up())
                except LookupFailedError as error:
                    self._failure = error
        if self._failure is not None:
            raise LookupFailedError(str(self._failure)) from self._failure.__cause__
        return self._values[0]


def _open(access: Access) -> Any:
    """Return a boto3 session with refreshable credentials."""
    import boto3  # pyright: ignore[reportMissingTypeStubs]  # slow to load, and most runs need no call

    new_session: Any = boto3.Session
    session = new_session(botocore_session=_core(access), region_name=access.region, **access.keys)
    if access.web_identity:
        session = _assumed(session, access, _web_identity_fetcher(access))
    for role in access.roles:
        session = _assumed(session, access, _role_fetcher(session, access, role))
    return session


def _core(access: Access) -> Any:
    """Return a botocore session that reads the access's profile and files."""
    from botocore.session import Session as BotocoreSession  # pyright: ignore[reportMissingTypeStubs]

    core: Any = BotocoreSession(profile=access.profile)
    files = {"config_file": access.config_files, "credentials_file": access.credentials_files}
    for variable, paths in files.items():
        if paths:
            core.set_config_variable(variable, _file_with(access.profile, paths))
    return core


def _file_with(profile: str | None, paths: Any) -> str:
    """Return the first file that contains a profile, otherwise the first file: botocore reads only one of each kind."""
    section = profile or os.environ.get("AWS_PROFILE") or "default"
    expanded = [os.path.expanduser(path) for path in paths]
    for path in expanded:
        parser = ConfigParser(interpolation=None)
        parser.read(path)
        if parser.has_section(section) or parser.has_section(f"profile {section}"):
            return path
    return expanded[0]


def _assumed(session: Any, access: Access, fetcher: Any) -> Any:
    """Return a session with a role's credentials, fetched at the first call and again before they expire."""
    import boto3  # pyright: ignore[reportMissingTypeStubs]
    from botocore.credentials import DeferredRefreshableCredentials  # pyright: ignore[reportMissingTypeStubs]

    core = _core(access)
    core._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    new_session: Any = boto3.Session
    return new_session(botocore_session=core, region_name=session.region_name)


def _role_fetcher(session: Any, access: Access, role: Any) -> Any:
    from botocore.credentials import AssumeRoleCredentialFetcher  # pyright: ignore[reportMissingTypeStubs]

    more = {name: value for name, value in role.items() if name != "RoleArn"}
    source = session.get_credentials()
    if source is None:
        raise LookupFailedError(
            f"credentials are required to assume the role {role['RoleArn']}, got none. Set lifecycle.profile "
            "or AWS_PROFILE"
        )
    fetcher: Any = AssumeRoleCredentialFetcher
    return fetcher(_sts_of(session, access), source, role["RoleArn"], extra_args=more, cache={})


def _web_identity_fetcher(access: Access) -> Any:
    from botocore.credentials import (  # pyright: ignore[reportMissingTypeStubs]
        AssumeRoleWithWebIdentityCredentialFetcher,
    )

    arguments = access.web_identity
    more = {name: value for name, value in arguments.items() if name not in ("RoleArn", "token", "token_file")}
    token = arguments.get("token")

    def load() -> str:
        if token:
            return str(token)
        with open(os.path.expanduser(arguments["token_file"])) as file:
            return file.read().strip()

    import boto3  # pyright: ignore[reportMissingTypeStubs]

    session: Any = boto3.Session(botocore_session=_core(access), region_name=access.region)
    fetcher: Any = AssumeRoleWithWebIdentityCredentialFetcher
    return fetcher(_sts_of(session, access), load, arguments["RoleArn"], extra_args=more, cache={})


def _sts_of(session: Any, access: Access) -> Callable[..., Any]:
    """Return a function that creates the STS client of a botocore credentials fetcher."""

    def create_client(service: str, **options: Any) -> Any:
        return _client(session, access, service, access.sts_region, _STS, **options)

    return create_client


def _client(session: Any, access: Access, service: str, region: str | None, timeouts: Any, **options: Any) -> Any:
    from botocore.config import Config  # pyright: ignore[reportMissingTypeStubs]

    settings = dict(access.connection)
    verify = settings.pop("verify", None)
    config = Config(max_pool_connections=50, **timeouts, **settings)
    if options.get("config") is not None:
        options["config"] = options["config"].merge(config)
    return session.client(
        service,
        region_name=region or access.region,
        endpoint_url=access.endpoints.get(service),
        verify=verify,
        **{"config": config, **options},
    )


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, ParamValidationError):  # its message has the value, which may be secret
        text = re.sub(r"value: [^,]*", "value: (not shown)", text)
    return text if len(text) <= _MAX_CHARACTERS else f"{text[:_MAX_CHARACTERS]}..."
