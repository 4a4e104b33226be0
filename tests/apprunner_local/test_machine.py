"""Any order of calls: a service's status always follows from its operations."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from apprunner_local.apprunner import AppRunner, Fault, RejectedError
from local_aws.requests import image
from samples import IMAGE

NAMES = st.sampled_from(["orders", "billing"])
SHOWS = st.sampled_from(["old", "new"])

# A service's status after an operation, by the operation and its outcome.
AFTER = {
    ("CREATE_SERVICE", "SUCCEEDED"): "RUNNING",
    ("CREATE_SERVICE", "FAILED"): "CREATE_FAILED",
    ("UPDATE_SERVICE", "SUCCEEDED"): "RUNNING",
    ("UPDATE_SERVICE", "ROLLBACK_SUCCEEDED"): "RUNNING",
    ("UPDATE_SERVICE", "FAILED"): "CREATE_FAILED",
    ("START_DEPLOYMENT", "SUCCEEDED"): "RUNNING",
    ("START_DEPLOYMENT", "ROLLBACK_SUCCEEDED"): "RUNNING",
    ("PAUSE_SERVICE", "SUCCEEDED"): "PAUSED",
    ("PAUSE_SERVICE", "FAILED"): "RUNNING",
    ("RESUME_SERVICE", "SUCCEEDED"): "RUNNING",
    ("RESUME_SERVICE", "FAILED"): "PAUSED",
    ("DELETE_SERVICE", "SUCCEEDED"): "DELETED",
    ("DELETE_SERVICE", "FAILED"): "DELETE_FAILED",
}
# The statuses in which a service accepts a call.
ACCEPTED_IN = {
    "UpdateService": {"RUNNING", "CREATE_FAILED"},
    "StartDeployment": {"RUNNING"},
    "PauseService": {"RUNNING", "PAUSED"},
    "ResumeService": {"PAUSED"},
    "DeleteService": {"RUNNING", "PAUSED", "CREATE_FAILED", "DELETE_FAILED"},
}
IN_PROGRESS = {"IN_PROGRESS", "ROLLBACK_IN_PROGRESS"}


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.plane = AppRunner()
        self.arns: list[str] = []

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        return self.plane.call(operation, parameters, "eu-west-1")

    def call_or_none(self, operation: str, **parameters: Any) -> dict[str, Any] | None:
        """Return the response, None if the call is rejected."""
        try:
            return self.call(operation, **parameters)
        except RejectedError:
            return None

    def service(self, arn: str) -> dict[str, Any]:
        description: dict[str, Any] = self.call("DescribeService", ServiceArn=arn)["Service"]
        return description

    def operations(self, arn: str) -> list[dict[str, Any]]:
        summaries: list[dict[str, Any]] = self.call("ListOperations", ServiceArn=arn)["OperationSummaryList"]
        return summaries

    @rule(name=NAMES, fails=st.booleans())
    def create(self, name: str, fails: bool) -> None:
        taken = any(one["ServiceName"] == name and one["Status"] != "DELETED" for one in map(self.service, self.arns))
        if fails:
            self.plane.faults.inject(Fault.fail_create())
        wanted = {"ServiceName": name, "SourceConfiguration": image(AutoDeploymentsEnabled=True)}
        answer = self.call_or_none("CreateService", **wanted)
        assert (answer is None) == taken
        if answer:
            self.arns.append(answer["Service"]["ServiceArn"])
        self.plane.faults.clear()

    @rule(data=st.data(), operation=st.sampled_from(sorted(ACCEPTED_IN)), fails=st.booleans(), shows=SHOWS)
    def change(self, data: st.DataObject, operation: str, fails: bool, shows: Any) -> None:
        if not self.arns:
            return
        arn = data.draw(st.sampled_from(self.arns))
        before, ran = self.service(arn), self.plane.deployed(arn)
        settings = {"SourceConfiguration": image(variables={"N": str(len(self.plane.calls))})}
        if fails:
            self.plane.faults.inject(Fault(operation, fails=True, shows=shows))
        parameters = {"ServiceArn": arn} | (settings if operation == "UpdateService" else {})
        answer = self.call_or_none(operation, **parameters)
        assert (answer is not None) == (before["Status"] in ACCEPTED_IN[operation])
        if answer is None:
            assert self.service(arn) == before
        else:
            started = self.operations(arn)[0]["Id"]
            assert answer.get("OperationId", started) == started
        assert self.plane.deployed(arn) == ran  # nothing is deployed before the operation ends
        self.plane.faults.clear()

    @rule(seconds=st.sampled_from([1.0, 15.0, 30.0, 60.0]))
    def wait(self, seconds: float) -> None:
        before = {arn: (self.operations(arn)[0], self.plane.deployed(arn)) for arn in self.arns}
        self.plane.clock.move(seconds)
        for arn, (operation, ran) in before.items():
            last = self.operations(arn)[0]
            assert last["Id"] == operation["Id"]
            deploys = last["Type"] in ("CREATE_SERVICE", "UPDATE_SERVICE", "START_DEPLOYMENT")
            if not (deploys and last["Status"] == "SUCCEEDED"):
                assert self.plane.deployed(arn) == ran

    @rule()
    def push(self) -> None:
        self.plane.push(IMAGE)

    @invariant()
    def one_operation_at_a_time_and_it_is_the_last_one(self) -> None:
        for arn in self.arns:
            _, *others = self.operations(arn)
            assert not any(one["Status"] in IN_PROGRESS for one in others)

    @invariant()
    def a_services_status_follows_from_its_last_operation(self) -> None:
        for arn in self.arns:
            service, last = self.service(arn), self.operations(arn)[0]
            expected = AFTER.get((last["Type"], last["Status"]), "OPERATION_IN_PROGRESS")
            assert service["Status"] == expected
            assert (expected == "OPERATION_IN_PROGRESS") == (last["Status"] in IN_PROGRESS)

    @invariant()
    def a_running_or_paused_service_was_deployed(self) -> None:
        for arn in self.arns:
            service = self.service(arn)
            if service["Status"] in ("RUNNING", "PAUSED"):
                assert self.plane.deployed(arn) is not None

    @invariant()
    def names_are_unique_among_existing_services(self) -> None:
        names = [one["ServiceName"] for one in self.call("ListServices")["ServiceSummaryList"]]
        assert len(names) == len(set(names))


def test_any_order_of_calls() -> None:
    run_state_machine_as_test(Life, settings=settings(max_examples=60, stateful_step_count=30))
