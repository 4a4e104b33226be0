# pyright: standard
"""Step Functions: moto executes the state machines. Their tasks call the fake App Runner under the machine's role."""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.core.config import default_user_config
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.choice.comparison.operator.implementations import timestamp_operators
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_aws_sdk
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.utils import json_path
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from apprunner_facts.arns import parse_arn
from apprunner_facts.events import EXECUTION_STATUS_CHANGE, STEP_FUNCTIONS_SOURCE
from apprunner_facts.identity import STATES_SERVICE
from apprunner_local.permissions import trusts

if TYPE_CHECKING:
    from apprunner_local.aws import LocalAws

logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)  # it reports each failed task on the console

ACCESS_KEY = "ASIASTATESEXAMPLE"
"""The access key of Step Functions' calls to the fake App Runner."""

_FASTER = 600
"""How much shorter a wait is with a ticking clock: the fake's operations take less than a second, not minutes."""

_SEVERAL = re.compile(r"\.\.|\*|:|\?|,")
"""The operators of JSONPath with which a path refers to several values."""

_TERMINATED = BaseExecutionWorkerCommunication.terminated

_threads: list[Thread] = []
"""The threads of all executions; as moto's state, they belong to the process."""


@contextmanager
def executing(aws: "LocalAws") -> Iterator[None]:
    """Let moto execute state machines, in threads, until the block ends.

    Args:
        aws: The local AWS that the tasks call, and that gets the events about executions. A wait moves its clock, and
            with a ticking one it lasts a fraction of the time.
    """
    clients = _Clients(aws)

    def call(self: Any, env: Any, resource_runtime_part: Any, normalised_parameters: Any, **_: Any) -> None:
        if self.resource.service_name != "aws-sdk" or self._get_boto_service_name() != "apprunner":
            raise NotImplementedError(f"the local AWS has no integration {self.resource.resource_arn}")
        method = self._get_boto_service_action()
        env.stack.append(_call(aws, env, clients.of(resource_runtime_part.region), method, normalised_parameters))

    def wait(self: Any, env: Any, wait_seconds: float) -> None:
        if aws.plane.clock.ticking:
            env.program_state_event.wait(wait_seconds / _FASTER)
        else:
            aws.plane.clock.move(wait_seconds)

    def start(self: Any) -> None:
        thread = Thread(target=self._execution_logic, name="execution")
        thread.start()
        _threads.append(thread)

    def end(self: Any) -> None:
        _TERMINATED(self)
        _announce(aws, self.execution)

    with ExitStack() as patches:
        patches.enter_context(patch.dict(default_user_config, {"stepfunctions": {"execute_state_machine": True}}))
        # [AW: Step Functions guide, supported-services-awssdk] In a state machine, the names of App Runner's errors
        # begin with AppRunner.
        names = state_task_service_aws_sdk._SERVICE_ERROR_NAMES
        patches.enter_context(patch.dict(names, {"apprunner": "AppRunner"}))
        task = state_task_service_aws_sdk.StateTaskServiceAwsSdk
        patches.enter_context(patch.object(task, "_eval_service_task", call))
        patches.enter_context(patch.object(ExecutionWorker, "start", start))
        patches.enter_context(patch.object(WaitFunction, "_wait_interval", wait))
        patches.enter_context(patch.object(retrier_decl, "time", _Pauses()))
        patches.enter_context(patch.object(BaseExecutionWorkerCommunication, "terminated", end))
        patches.enter_context(patch.object(json_path, "_is_singleton_array_access", _is_definite))
        patches.enter_context(
            patch.object(timestamp_operators.TimestampGreaterThanPath, "eval", staticmethod(_is_greater))
        )
        try:
            yield
        finally:
            stop_executions()
            clients.close()


def finish_executions() -> None:
    """Wait until all executions have ended."""
    while _threads:
        _threads.pop().join()


def stop_executions() -> None:
    """Stop the running executions, and wait until they have ended."""
    while _threads:
        for execution in _running():
            execution.stop(datetime.now(UTC), None, None)
        thread = _threads[-1]
        thread.join(0.05)
        if not thread.is_alive():
            _threads.remove(thread)


def _running() -> list[Any]:
    """Return the running executions; one whose thread has just begun is not among them."""
    backends: list[Any] = [backend for _, _, backend in stepfunctions_parser_backends.iter_backends()]
    executions = [each for backend in backends for machine in backend.state_machines for each in machine.executions]
    return [each for each in executions if each.status == "RUNNING" and each.exec_worker.env is not None]


class _Clients:
    """App Runner's clients of Step Functions."""

    def __init__(self, aws: "LocalAws") -> None:
        self._url = aws.environment["AWS_ENDPOINT_URL_APPRUNNER"]
        self._session = boto3.Session(ACCESS_KEY, "example")
        self._making = Lock()
        self._by_region: dict[str, Any] = {}

    def of(self, region: str) -> Any:
        """Return the client of a region, without retries: those are in the state machine."""
        with self._making:  # clients are thread-safe, the session that creates them is not
            if region not in self._by_region:
                make: Any = self._session.client
                config = Config(retries={"total_max_attempts": 1}, proxies={})
                self._by_region[region] = make("apprunner", region, endpoint_url=self._url, config=config)
            return self._by_region[region]

    def close(self) -> None:
        """Close the connections."""
        for client in self._by_region.values():
            client.close()


class _Pauses:
    """Replaces the time module where moto pauses before a task is retried."""

    def sleep(self, seconds: float) -> None:
        """Do not pause."""


def _call(aws: "LocalAws", env: Any, client: Any, method: str, parameters: Mapping[str, Any]) -> Any:
    """Call App Runner under the role of an execution's state machine, and return the response."""
    role = env.aws_execution_details.role_arn
    machine = env.states.context_object.context_object_data["StateMachine"]["Id"]
    action = f"apprunner:{client.meta.method_to_api_mapping[method]}"
    # [AW: Step Functions guide, procedure-create-iam-role] Step Functions assumes a state machine's role with
    # aws:SourceArn, the machine's ARN.
    context = {"aws:SourceArn": machine, "aws:SourceAccount": parse_arn(machine).account}
    if not trusts(aws.client("iam"), role, STATES_SERVICE, context):
        raise _denied(f"{role} does not trust {STATES_SERVICE} for {machine}", action)
    if not aws.check_permission(role, action, parameters["ServiceArn"]):
        raise _denied(f"{role} is not authorized to perform {action} on {parameters['ServiceArn']}", action)
    return _with_texts(getattr(client, method)(**parameters))


def _denied(message: str, action: str) -> ClientError:
    error = {"Code": "AccessDeniedException", "Message": message}
    return ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400, "RequestId": "none"}}, action)


def _announce(aws: "LocalAws", execution: Any) -> None:
    """Send the event that an execution has ended."""
    # [AW: Step Functions guide, eventbridge-integration] The end of an execution is an event with its description. The
    # local AWS sends none for its start.
    described = execution.to_describe_output()
    detail = {
        key: value.value if key == "status" else int(value.timestamp() * 1000) if key.endswith("Date") else value
        for key, value in described.items()
    }
    arn = execution.exec_arn
    aws.events.send(execution.region_name, EXECUTION_STATUS_CHANGE, arn, detail, STEP_FUNCTIONS_SOURCE)


def _with_texts(value: Any) -> Any:
    """Return a response with timestamps as strings, as a state machine sees them."""
    # [assumed] SDK integrations in a state machine return timestamps as RFC 3339 in UTC, with milliseconds.
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return {key: _with_texts(item) for key, item in value.items() if key != "ResponseMetadata"}
    return [_with_texts(item) for item in value] if isinstance(value, list) else value


def _timestamp(text: str) -> datetime | None:
    """Return a timestamp of RFC 3339, also with fractions of a second; None for any other value."""
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _is_definite(path: str) -> bool:
    """Return whether a JSONPath refers to one value. moto 5.2.5 returns a list for `$.items[0].name`."""
    return not _SEVERAL.search(path)


def _is_greater(env: Any, value: str) -> None:
    """Compare a timestamp with the one at a path; moto 5.2.5 supports no fractions of a second."""
    variable = _timestamp(env.stack.pop())
    other = _timestamp(json_path.extract_json(value, env.stack[-1]))
    env.stack.append(variable is not None and other is not None and variable > other)
