"""The SDK's own mocks, as an application team sets them up: they return ids and ARNs, and validate nothing."""

import asyncio
from collections.abc import Callable
from typing import Any

from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.stack import run_pulumi_func

import shop
from apprunner_facts import regions, tokens

_WHERE = f"{shop.REGION}:{shop.ACCOUNT}"
_ARNS = {
    tokens.SERVICE: f"arn:aws:apprunner:{_WHERE}:service/{{}}/0123456789abcdef0123456789abcdef",
    tokens.VPC_CONNECTOR: (f"arn:aws:apprunner:{_WHERE}:vpcconnector/{{}}/1/0123456789abcdef0123456789abcdef"),
    tokens.SCHEDULE_GROUP: f"arn:aws:scheduler:{_WHERE}:schedule-group/{{}}",
}


class Responses(Mocks):
    """Returns an id and an ARN for every resource, and the other outputs that the programs read."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        arn = _ARNS.get(args.typ, f"arn:aws:any:{_WHERE}:{{}}").format(args.name)
        outputs = {**args.inputs, "arn": arn}
        if args.typ == tokens.SERVICE:
            outputs |= {"serviceId": arn[-32:], "serviceUrl": f"{args.name}.awsapprunner.com", "status": "RUNNING"}
        if args.typ == tokens.CUSTOM_DOMAIN:
            outputs |= _association(args.inputs["domainName"])
        return f"{args.name}-id", outputs

    def call(self, args: MockCallArgs) -> Any:
        return {
            tokens.GET_CALLER_IDENTITY: {
                "accountId": shop.ACCOUNT,
                "arn": f"arn:aws:iam::{shop.ACCOUNT}:user/deployer",
                "id": shop.ACCOUNT,
                "userId": "AIDAEXAMPLE",
            },
            tokens.GET_REGION: {"region": shop.REGION, "id": shop.REGION},
            tokens.GET_APP_RUNNER_HOSTED_ZONE_ID: {"id": regions.HOSTED_ZONE_IDS[shop.REGION], "region": shop.REGION},
        }[args.token]


def _association(domain: str) -> dict[str, Any]:
    records = [
        {"name": f"_{host}.{domain}.", "type": "CNAME", "value": f"_{host}.acm-validations.aws.", "status": "PENDING"}
        for host in ("b2", "a1")
    ]
    return {"dnsTarget": f"any.{shop.REGION}.awsapprunner.com", "certificateValidationRecords": records, "status": "ok"}


class Recorder(MockMonitor):
    """The SDK's mock monitor, which also records each registration."""

    def __init__(self) -> None:
        super().__init__(Responses())
        self.registrations: list[dict[str, Any]] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the SDK's name
        if request.type != tokens.STACK:
            self.registrations.append(
                {
                    "type": request.type,
                    "name": request.name,
                    "parent": _name(request.parent),
                    "inputs": rpc.deserialize_properties(request.object),
                    "depends_on": sorted(map(_name, request.dependencies)),
                    "protect": request.protect,
                    "delete_before_replace": request.deleteBeforeReplace,
                    "replace_on_changes": list(request.replaceOnChanges),
                }
            )
        return super().RegisterResource(request)


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def run(program: Callable[[], None], monitor: MockMonitor | None = None) -> None:
    """Run a program as an application team's test does, until all its outputs have resolved."""

    async def under_mocks() -> None:
        set_mocks(Responses(), project="shop", stack="prod", monitor=monitor)
        await run_pulumi_func(program)  # pyright: ignore[reportArgumentType]

    asyncio.run(under_mocks())
