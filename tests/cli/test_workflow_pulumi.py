"""`apprunner workflow --deploy pulumi`: the text of the workflow, and errors."""

from importlib import metadata
from pathlib import Path

import pytest

from pages import blocks, programs
from shop import Shop
from written_workflows import REPOSITORY, Program, component, configured, error, names, parsed, step, workflow

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "workflow.md"

STACK_FILE = """\
config:
  aws:region: eu-west-1
  shop:services:
    orders: {image: {identifier: "REPOSITORY:1.4.2", managedBy: MANAGED}}
    "a.b": {port: 8080}
"""
FROM_CONFIG = """\
from pulumi_apprunner import AppRunnerService
image = pulumi.Config().require_object("services")["orders"]["image"]
AppRunnerService("orders", {"image": {"identifier": image["identifier"], "managed_by": image["managedBy"]}})
"""


def with_stack_file(program: Program, managed_by: str = "ci") -> Shop:
    shop = program(FROM_CONFIG)
    shop.write("Pulumi.dev.yaml", STACK_FILE.replace("REPOSITORY", REPOSITORY).replace("MANAGED", managed_by))
    return shop


def test_pulumi_up_deploys_the_image_in_the_configuration(program: Program) -> None:
    written = parsed(workflow(with_stack_file(program), "orders", "--deploy", "pulumi"))
    assert names(written) == [
        "Check the variables",
        "actions/checkout",
        "actions/setup-python",
        "pulumi/actions",
        "Install the program's dependencies",
        "actions/download-artifact",
        "Load the image",
        "Assume the role that pushes",
        "Push",
        "Assume the role of the stack",
        "Deploy",
    ]
    assert step(written, "Deploy")["env"] == {
        "STACK": "dev",
        "IMAGE_KEY": "shop:services.orders.image.identifier",
        "MANAGED_BY_KEY": "shop:services.orders.image.managedBy",
        "PULUMI_ACCESS_TOKEN": "${{ secrets.PULUMI_ACCESS_TOKEN }}",
        "PULUMI_BACKEND_URL": "${{ vars.PULUMI_BACKEND_URL }}",
        "PULUMI_CONFIG_PASSPHRASE": "${{ secrets.PULUMI_CONFIG_PASSPHRASE }}",
    }
    assert written["jobs"]["deploy"]["env"] == {"REPOSITORY": REPOSITORY}


def test_the_pulumi_cli_is_at_least_as_new_as_the_program_s_sdk(program: Program) -> None:
    steps = parsed(workflow(with_stack_file(program), "orders", "--deploy", "pulumi"))["jobs"]["deploy"]["steps"]
    [version] = [each["with"]["pulumi-version"] for each in steps if each.get("uses", "").startswith("pulumi/")]
    assert version == f"^{metadata.version('pulumi')}"


@pytest.mark.parametrize("file", ["", "requirements.txt", "pyproject.toml"])
def test_a_project_whose_dependencies_are_in_no_file_gets_a_note(program: Program, file: str) -> None:
    shop = with_stack_file(program)
    if file:
        shop.write(file, "")
    err = workflow(shop, "orders", "--deploy", "pulumi").err
    assert ("Note: shop has no requirements.txt." in err) is not bool(file)


def test_an_image_that_pulumi_manages_needs_one_key(program: Program) -> None:
    result = workflow(with_stack_file(program, "pulumi"), "orders", "--deploy", "pulumi")
    assert "MANAGED_BY_KEY" not in step(parsed(result), "Deploy")["env"]
    assert 'Note: an update from elsewhere deploys the image in the stack file. Set managedBy to "ci"' in result.err


def test_the_program_in_a_folder_of_its_repository_is_deployed_there(program: Program) -> None:
    shop = with_stack_file(program)
    (shop.folder.parent / ".git").mkdir()
    written = parsed(workflow(shop, "orders", "--deploy", "pulumi"))
    assert step(written, "Deploy")["working-directory"] == "shop"
    (shop.folder / ".git").touch()
    assert "working-directory" not in step(parsed(workflow(shop, "orders", "--deploy", "pulumi")), "Deploy")


def test_a_key_can_be_given(program: Program) -> None:
    written = parsed(workflow(program(configured()), "orders", "--deploy", "pulumi", "--config", "image"))
    assert step(written, "Deploy")["env"]["IMAGE_KEY"] == "image"


def test_the_key_is_required_if_no_value_is_the_image(program: Program) -> None:
    assert error(workflow(program(component()), "orders", "--deploy", "pulumi")) == (
        "error: --config: the key of orders's image in the stack's configuration is required, since no value has it. "
        "Pass it, such as storefront:services.api.image.identifier"
    )


def test_the_key_is_required_if_several_values_are_the_image(program: Program) -> None:
    shop = with_stack_file(program)
    with (shop.folder / "Pulumi.dev.yaml").open("a") as file:
        file.write(f'  shop:others: [{{"a.b": "{REPOSITORY}:1.4.2"}}]\n')
    assert (
        'since several values have it: shop:services.orders.image.identifier, shop:others[0]["a.b"]. Pass it'
        in error(workflow(shop, "orders", "--deploy", "pulumi"))
    )


def test_an_image_that_pulumi_up_keeps_must_have_managed_by_in_the_configuration(program: Program) -> None:
    shop = with_stack_file(program, "pulumi")
    shop.write("__main__.py", "from parts import *\n" + FROM_CONFIG.replace('image["managedBy"]', '"ci"'))
    assert error(workflow(shop, "orders", "--deploy", "pulumi")) == (
        'error: orders: `pulumi up` keeps the image that the service has, because image.managed_by is "ci" in the '
        "program. Set managedBy in the stack's configuration, beside the identifier, or use --deploy start-deployment"
    )


DIGEST = "sha256:" + "0" * 64


def test_a_key_that_the_program_does_not_read_is_an_error(program: Program) -> None:
    shop = program(component())
    assert error(workflow(shop, "orders", "--deploy", "pulumi", "--config", "shop:foo")) == (
        "error: --config: shop:foo must be the key from which the program reads the image of orders, because the "
        f"workflow sets it to each pushed image. With {REPOSITORY}@{DIGEST}, the image is {REPOSITORY}:live. Read the "
        'image from the configuration, such as Image(identifier=pulumi.Config().require("image"))'
    )


def test_a_key_that_is_no_path_is_an_error(program: Program) -> None:
    message = error(workflow(program(component()), "orders", "--deploy", "pulumi", "--config", "[]"))
    assert message.startswith("error: --config: [] must be the key from which the program reads the image of orders")


def test_a_value_that_is_the_image_by_chance_is_an_error(program: Program) -> None:
    shop = program(component(f"{REPOSITORY}:1.4.2"))
    shop.write("Pulumi.dev.yaml", f"config: {{'aws:region': eu-west-1, copy: '{REPOSITORY}:1.4.2'}}\n")
    assert "shop:copy must be the key from which" in error(workflow(shop, "orders", "--deploy", "pulumi"))


def test_a_key_with_which_the_program_fails_is_an_error(program: Program) -> None:
    shop = program(
        """
        from pulumi_apprunner import AppRunnerService
        tag = pulumi.Config().get("tag") or "1.4.2"
        AppRunnerService("orders", {"image": {"identifier": f"REPOSITORY:{tag}"}})
    """.replace("REPOSITORY", REPOSITORY)
    )
    message = error(workflow(shop, "orders", "--deploy", "pulumi", "--config", "tag"))
    assert message.startswith("error: --config: tag must be the key from which the program reads the image of orders")
    assert ", the program fails. Read the image from the configuration" in message
    assert "identifier: must be" in message


def test_a_key_with_which_the_program_has_a_bug_is_an_error_with_the_line(program: Program) -> None:
    shop = program(
        """
        from pulumi_apprunner import AppRunnerService
        images = {"small": "REPOSITORY:1.4.2"}
        AppRunnerService("orders", {"image": {"identifier": images[pulumi.Config().get("size") or "small"]}})
    """.replace("REPOSITORY", REPOSITORY)
    )
    message = error(workflow(shop, "orders", "--deploy", "pulumi", "--config", "size"))
    assert '__main__.py", line 5' in message
    assert message.endswith(f"KeyError: '{REPOSITORY}@{DIGEST}'")


def test_a_key_without_a_value_can_be_given(program: Program) -> None:
    text = """
        from pulumi_apprunner import AppRunnerService
        image = (pulumi.Config().get_object("services") or [{"image": "REPOSITORY:1.4.2"}])[0]["image"]
        AppRunnerService("orders", {"image": {"identifier": image}})
    """
    shop = program(text.replace("REPOSITORY", REPOSITORY))
    words = ["orders", "--deploy", "pulumi", "--config", "services[0].image"]
    shop.write("Pulumi.yaml", "name: shop\nruntime: python\nconfig: {services: {value: [{image: 'example:1'}]}}\n")
    shop.write("Pulumi.dev.yaml", "config: {'aws:region': eu-west-1}\n")
    assert "must be" in error(workflow(shop, *words))
    shop.write("Pulumi.dev.yaml", f"config: {{services: [{{image: '{REPOSITORY}:1.4.2'}}]}}\n")
    assert step(parsed(workflow(shop, *words)), "Deploy")["env"]["IMAGE_KEY"] == "services[0].image"


def test_the_image_in_a_map_with_secrets_can_be_given(program: Program) -> None:
    shop = with_stack_file(program, "pulumi")
    with (shop.folder / "Pulumi.dev.yaml").open("a") as file:
        file.write("    token: {secure: AAAA}\n")
    words = ["orders", "--deploy", "pulumi", "--config", "shop:services.orders.image.identifier"]
    assert workflow(shop, *words).status == 0


def test_the_key_of_an_image_that_ci_deploys_can_be_given_without_the_project(program: Program) -> None:
    words = ["orders", "--deploy", "pulumi", "--config", "services.orders.image.identifier"]
    environment = step(parsed(workflow(with_stack_file(program), *words)), "Deploy")["env"]
    assert environment["MANAGED_BY_KEY"] == "services.orders.image.managedBy"


def test_a_key_of_an_image_that_pulumi_up_keeps_is_an_error(program: Program) -> None:
    text = configured().replace("}})", ", 'managed_by': 'ci'}})")
    words = ["orders", "--deploy", "pulumi", "--config", "image"]
    assert "`pulumi up` keeps the image that the service has" in error(workflow(program(text), *words))


def test_the_program_s_output_is_shown_once(program: Program) -> None:
    shop = with_stack_file(program)
    shop.write("__main__.py", "from parts import *\nprint('hello')\n" + FROM_CONFIG)
    assert workflow(shop, "orders", "--deploy", "pulumi").err.count("hello") == 1


def test_the_image_of_a_service_in_a_fleet_is_found(program: Program) -> None:
    shop = program("from pulumi_apprunner import Fleet\nFleet.from_config('fleet')")
    with_fleet = STACK_FILE.replace("REPOSITORY", REPOSITORY).replace("MANAGED", "ci").partition('    "a.b"')[0]
    shop.write("Pulumi.dev.yaml", with_fleet + "  shop:environment: dev\n")
    environment = step(parsed(workflow(shop, "orders", "--deploy", "pulumi")), "Deploy")["env"]
    assert (environment["IMAGE_KEY"], environment["MANAGED_BY_KEY"]) == (
        "shop:services.orders.image.identifier",
        "shop:services.orders.image.managedBy",
    )


def test_the_stack_file_of_the_guide_is_complete(program: Program) -> None:
    [stack_file] = blocks(GUIDE, "yaml")
    [text] = [each.text for each in programs(GUIDE) if "require_object" in each.text]
    shop = program(text)
    shop.write("Pulumi.yaml", "name: storefront\nruntime: python\n")
    shop.write("Pulumi.dev.yaml", stack_file)
    shop.write("requirements.txt", "pulumi-apprunner\n")
    result = workflow(shop, "orders", "--deploy", "pulumi")
    assert result.err.count("Note: ") == result.err.count("Note: the plan has no GitHubDelivery")
    environment = step(parsed(result), "Deploy")["env"]
    assert (environment["IMAGE_KEY"], environment["MANAGED_BY_KEY"]) == (
        "storefront:image.identifier",
        "storefront:image.managedBy",
    )
