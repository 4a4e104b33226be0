"""Workflows that `apprunner workflow` writes."""

from collections.abc import Callable
from typing import Any

from ruamel.yaml import YAML
from typer.testing import CliRunner

from pulumi_apprunner.cli.app import app
from shop import Result, Shop

Program = Callable[[str], Shop]

REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders"


_DELIVERED = """
from pulumi_apprunner import AppRunnerService, GitHubDelivery, GitHubProvider, ImageRepository

IMAGES
image = pulumi.Config().get("image") or images.repository_url.apply(lambda url: f"{url}:live")
orders = AppRunnerService("orders", {"image": {"identifier": image}})
GitHubDelivery(
    "delivery",
    {
        "github_repository": "acme/orders",
        "provider": GitHubProvider(),
        "deploy": DEPLOY,
        "repository_arn": images.arn,
        MORE
    },
)
"""
MOVING = 'images = ImageRepository("images", {"moving_tags": ["live"]})'
ENVIRONMENT = '{"environments": ["production"]}'
SERVICE = '"service_arn": orders.arn,'
STACK = '"stack": {"branches": ["main"], "name_prefix": "shop-", "roles_boundary": "arn:aws:iam::aws:policy/x"},'


def delivered(images: str = MOVING, deploy: str = ENVIRONMENT, more: str = SERVICE, end: str = "") -> str:
    """Return a program with a repository, a service and a delivery."""
    return _DELIVERED.replace("IMAGES", images).replace("DEPLOY", deploy).replace("MORE", more) + end


def component(image: str = f"{REPOSITORY}:live", name: str = "orders", **more: Any) -> str:
    """Return a program with one service."""
    args = {"image": {"identifier": image}, **more}
    return f"from pulumi_apprunner import AppRunnerService\nAppRunnerService({name!r}, {args!r})\n"


def configured(name: str = "orders") -> str:
    """Return a program with one service, whose image is that in the configuration, if it has one."""
    read = f'pulumi.Config().get("image") or "{REPOSITORY}:live"'
    image = f"{{'image': {{'identifier': {read}}}}}"
    return f"from pulumi_apprunner import AppRunnerService\nAppRunnerService({name!r}, {image})\n"


def workflow(shop: Shop, *words: str) -> Result:
    result = CliRunner().invoke(app, ["workflow", "--cwd", str(shop.folder), *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Result(result.exit_code, result.stdout, result.stderr)


def parsed(result: Result) -> dict[str, Any]:
    assert result.status == 0, result.err
    return dict(YAML(typ="safe", pure=True).load(result.out))


def error(result: Result) -> str:
    assert (result.status, result.out) == (2, "")
    return " ".join(result.err.split())


def names(written: dict[str, Any], job: str = "deploy") -> list[str]:
    """Return the names of the steps, or of their actions."""
    return [each.get("name") or each["uses"].partition("@")[0] for each in written["jobs"][job]["steps"]]


def step(written: dict[str, Any], name: str, job: str = "deploy") -> dict[str, Any]:
    return dict(next(each for each in written["jobs"][job]["steps"] if each.get("name") == name))
