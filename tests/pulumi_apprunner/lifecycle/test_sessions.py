"""Sessions: one lookup of the account, credentials that refresh, and readable failures."""

import asyncio
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

import pytest

from apprunner_facts.arns import parse_arn
from pulumi_apprunner import Lifecycle
from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.lifecycle.calls import ServiceCalls
from pulumi_apprunner.lifecycle.deadlines import Deadline
from pulumi_apprunner.lifecycle.runs import Case, Run, WatchedService
from pulumi_apprunner.lifecycle.sessions import LookupFailedError, Session, WrongAccountError
from pulumi_apprunner.lifecycle.threads import run_in_thread
from pulumi_apprunner.lifecycle.verification import problems
from pulumi_apprunner.offline.sdk import await_result
from samples import ROLE_ARN, SERVICE_ARN

Respond = Callable[[dict[str, str]], str]

CALLER = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::{account}:user/deployer</Arn><UserId>AIDA</UserId><Account>{account}</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""
ASSUMED = """<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result><Credentials>
<AccessKeyId>ASIA{number}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
<Expiration>{expires}</Expiration></Credentials></{action}Result></{action}Response>"""


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")


@contextmanager
def serve_sts(respond: Respond) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Serve responses to STS calls on loopback, and yield the address and the calls."""
    calls: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            call = {key: values[0] for key, values in parse_qs(body).items()}
            key = re.search(r"Credential=([^/]+)", self.headers.get("Authorization", ""))
            calls.append(call | {"_key": key[1] if key else ""})
            text = respond(call).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", calls
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def never_respond() -> Iterator[tuple[str, list[socket.socket]]]:
    """Listen on loopback without responding, and yield the address and the connections."""
    connections: list[socket.socket] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connections.append(listener.accept()[0])
            except OSError:
                return

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", connections
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for each in connections:
            each.close()


def session(url: str, **access: Any) -> Session:
    return Session(Access(region="eu-west-1", endpoints={"sts": url, "apprunner": url}, **access))


def test_the_account_is_looked_up_once_for_all_services() -> None:
    with serve_sts(lambda _: CALLER.format(account="123456789012")) as (url, calls):
        shared = session(url)
        for _ in range(3):
            shared.require_account(parse_arn(SERVICE_ARN))
    assert len(calls) == 1


def test_another_account_is_an_error_with_both_accounts() -> None:
    other = CALLER.format(account="999999999999")
    with serve_sts(lambda _: other) as (url, _), pytest.raises(WrongAccountError) as caught:
        session(url).require_account(parse_arn(SERVICE_ARN))
    assert "must be for account 123456789012" in str(caught.value)
    assert "999999999999 (arn:aws:iam::999999999999:user/deployer)" in str(caught.value)


@pytest.mark.parametrize(
    "page", ["<!DOCTYPE html><html><body>Sign in to the proxy</body></html>" + "x" * 4000, "", "<a/>"]
)
def test_a_page_of_a_proxy_is_one_short_readable_failure_for_all_services(page: str) -> None:
    with serve_sts(lambda _: page) as (url, calls):
        shared = session(url)
        for _ in range(3):
            with pytest.raises(LookupFailedError) as caught:
                ServiceCalls(shared, SERVICE_ARN).status()
            assert "\n" not in str(caught.value)
            assert 0 < len(str(caught.value)) < 500
    assert len({call["Action"] for call in calls}) == 1
    assert len(calls) <= 2  # one lookup with one retry


@pytest.mark.parametrize("page", ["<html></html>", "[]", "null", '"ok"', "7", '{"Service": "x"}', '{"Service": {}}'])
def test_a_response_that_is_not_app_runners_is_a_readable_failure(page: str) -> None:
    def respond(call: dict[str, str]) -> str:
        return CALLER.format(account="123456789012") if call.get("Action") else page

    with serve_sts(respond) as (url, _), pytest.raises(LookupFailedError) as caught:
        ServiceCalls(session(url), SERVICE_ARN).describe()
    assert "A proxy may have responded instead" in str(caught.value)


def test_a_lookup_without_a_response_ends_with_the_deadline_and_does_not_delay_other_accounts() -> None:
    started = monotonic()
    with never_respond() as (nowhere, _), serve_sts(lambda _: CALLER.format(account="123456789012")) as (url, _):
        hanging, other = session(nowhere), session(url)

        async def both() -> None:
            deadline = Deadline(2)
            waiting = [
                asyncio.ensure_future(run_in_thread(deadline, hanging.require_account, parse_arn(SERVICE_ARN)))
                for _ in range(3)
            ]
            await run_in_thread(Deadline(60), other.require_account, parse_arn(SERVICE_ARN))
            for each in await asyncio.gather(*waiting, return_exceptions=True):
                assert isinstance(each, TimeoutError)

        await_result(both())
    assert monotonic() - started < 20


def test_a_preview_continues_without_a_response_of_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    started = monotonic()
    with never_respond() as (nowhere, connections):
        access = Access(region="eu-west-1", endpoints={"sts": nowhere, "apprunner": nowhere})
        cases = [Case(WatchedService(name, Lifecycle(), access), SERVICE_ARN) for name in ("a", "b", "c")]
        run = Run()
        run.session(access).client("sts", "eu-west-1")  # loads botocore's models first, which is slow on a busy machine
        assert await_result(problems(run, cases, Deadline(1))) == []
        assert len(connections) == 1
    assert monotonic() - started < 10


def test_the_credentials_of_a_role_are_refreshed_before_they_expire() -> None:
    expiry = [timedelta(seconds=1), timedelta(hours=1)]

    def respond(call: dict[str, str]) -> str:
        if call["Action"] == "GetCallerIdentity":
            return CALLER.format(account="123456789012")
        lifetime = expiry[min(len(assumptions()), 2) - 1]
        expires = (datetime.now(UTC) + lifetime).isoformat()
        return ASSUMED.format(action=call["Action"], number=len(assumptions()), expires=expires)

    with serve_sts(respond) as (url, calls):

        def assumptions() -> list[dict[str, str]]:
            return [call for call in calls if call["Action"] == "AssumeRole"]

        role = {"RoleArn": ROLE_ARN, "RoleSessionName": "ci", "DurationSeconds": 900, "SourceIdentity": "alice"}
        shared = session(url, roles=(role,))
        sts = shared.client("sts", None)
        sts.get_caller_identity()
        sts.get_caller_identity()
    keys = [call["_key"] for call in calls if call["Action"] == "GetCallerIdentity"]
    assert keys[0] != keys[-1] or len(assumptions()) > 1
    assert len(assumptions()) == 2
    assert {call["SourceIdentity"] for call in assumptions()} == {"alice"}
    assert {call["DurationSeconds"] for call in assumptions()} == {"900"}


def test_a_web_identity_is_exchanged_for_the_credentials_that_assume_the_roles(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("a.b.c\n")

    def respond(call: dict[str, str]) -> str:
        if call["Action"] == "GetCallerIdentity":
            return CALLER.format(account="123456789012")
        expires = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        return ASSUMED.format(action=call["Action"], number=len(calls), expires=expires)

    identity = {"RoleArn": ROLE_ARN, "RoleSessionName": "ci", "token_file": str(tmp_path / "token")}
    with serve_sts(respond) as (url, calls):
        shared = session(url, web_identity=identity, roles=({"RoleArn": f"{ROLE_ARN}-2", "RoleSessionName": "up"},))
        shared.require_account(parse_arn(SERVICE_ARN))
    assert [call["Action"] for call in calls] == ["AssumeRoleWithWebIdentity", "AssumeRole", "GetCallerIdentity"]
    assert calls[0]["WebIdentityToken"] == "a.b.c"
    assert [call["_key"] for call in calls] == ["", "ASIA1", "ASIA2"]


def test_the_file_with_the_profile_is_read(tmp_path: Path) -> None:
    for name, section in (("one", "other"), ("two", "shop")):
        (tmp_path / name).write_text(f"[{section}]\naws_access_key_id = KEY{name}\naws_secret_access_key = x\n")
    with serve_sts(lambda _: CALLER.format(account="123456789012")) as (url, calls):
        files = (str(tmp_path / "one"), str(tmp_path / "two"))
        session(url, profile="shop", credentials_files=files).require_account(parse_arn(SERVICE_ARN))
    assert calls[0]["_key"] == "KEYtwo"


def test_a_role_that_cannot_be_assumed_prints_no_traceback() -> None:
    program = (
        "from pulumi_apprunner.lifecycle.access import Access\n"
        "from pulumi_apprunner.lifecycle.sessions import LookupFailedError, Session\n"
        "endpoints = {'sts': 'http://127.0.0.1:1'}\n"
        f"role = {{'RoleArn': {ROLE_ARN!r}, 'RoleSessionName': 'up'}}\n"
        "try:\n"
        "    session = Session(Access(region='eu-west-1', endpoints=endpoints, roles=(role,)))\n"
        "    session.client('sts', None).get_caller_identity()\n"
        "except Exception as error:\n"
        "    print(type(error).__name__)\n"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "Traceback" not in result.stderr
    assert result.stdout == "EndpointConnectionError\n"


def test_a_role_is_assumed_with_a_profile_of_a_named_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").write_text("[profile deploy]\naws_access_key_id = KEY\naws_secret_access_key = x\n")
    monkeypatch.setenv("AWS_PROFILE", "deploy")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    def respond(call: dict[str, str]) -> str:
        expires = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        account = CALLER.format(account="123456789012")
        return (
            account
            if call["Action"] == "GetCallerIdentity"
            else ASSUMED.format(action=call["Action"], number=1, expires=expires)
        )

    role = {"RoleArn": ROLE_ARN, "RoleSessionName": "up"}
    with serve_sts(respond) as (url, calls):
        session(url, config_files=(str(tmp_path / "config"),), roles=(role,)).require_account(parse_arn(SERVICE_ARN))
    assert [call["_key"] for call in calls] == ["KEY", "ASIA1"]


def test_an_invalid_argument_of_botocore_is_not_in_the_message() -> None:
    role = {"RoleArn": ROLE_ARN, "RoleSessionName": "up", "ExternalId": 987654321}
    with pytest.raises(LookupFailedError) as caught:
        session("http://127.0.0.1:1", roles=(role,)).require_account(parse_arn(SERVICE_ARN))
    assert "ExternalId" in str(caught.value)
    assert "987654321" not in str(caught.value)


def test_a_profile_that_does_not_exist_is_a_readable_failure() -> None:
    with pytest.raises(LookupFailedError, match="nowhere"):
        session("http://127.0.0.1:1", profile="nowhere").require_account(parse_arn(SERVICE_ARN))
