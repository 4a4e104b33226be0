"""What `apprunner workflow` prints besides the workflow: what to set on GitHub, and notes on what it cannot check."""

from pathlib import Path

import pytest

from shop import Shop
from written_workflows import STACK, Program, component, configured, delivered, workflow

PULUMI = ["--deploy", "pulumi", "--config", "image"]


def notes(shop: Shop, *words: str) -> list[str]:
    """Return the notes, without that on the deliveries, which other tests have."""
    lines = workflow(shop, "orders", *words).err.splitlines()
    return [each for each in lines if each.startswith("Note: ") and "GitHubDelivery" not in each]


def in_repository(shop: Shop) -> Path:
    """Let the project's parent folder be a repository with a Dockerfile, and return it."""
    top = shop.folder.parent
    (top / ".git").mkdir()
    (top / "Dockerfile").touch()
    return top


# The roles


def test_the_subject_that_the_roles_trust_is_printed_once(program: Program) -> None:
    shop = program(delivered(more=STACK.replace("branches", "environments").replace("main", "production")))
    err = workflow(shop, "orders", "--environment", "production", *PULUMI).err.splitlines()
    at = err.index("The roles trust jobs with this subject:")
    assert err[at + 1] == "  repo:acme/orders:environment:production"
    assert not [each for each in err if "gh api" in each or "no GitHubDelivery" in each]


def test_the_numbers_in_a_subject_can_be_compared(program: Program) -> None:
    shop = program(delivered(more='"service_arn": orders.arn, "owner_id": 123456, "repository_id": 456789,'))
    err = workflow(shop, "orders", "--environment", "production").err.splitlines()
    at = err.index("The roles trust jobs with this subject:")
    assert err[at + 1 :] == [
        "  repo:acme@123456/orders@456789:environment:production",
        "    The numbers must be those of: gh api repos/acme/orders --jq '.owner.id, .id'",
    ]


def test_all_subjects_are_printed(program: Program) -> None:
    shop = program(delivered(deploy='{"branches": ["main"], "tags": ["v*"]}'))
    err = workflow(shop, "orders").err.splitlines()
    at = err.index("The roles trust jobs with these subjects:")
    assert err[at + 1 :] == ["  repo:acme/orders:ref:refs/heads/main", "  repo:acme/orders:ref:refs/tags/v*"]


@pytest.mark.parametrize(
    ("options", "job"),
    [([], "ref:refs/heads/main"), (["--environment", "prod"], "environment:prod")],
    ids=["branch", "environment"],
)
def test_the_subject_for_roles_in_another_project_is_printed(program: Program, options: list[str], job: str) -> None:
    assert workflow(program(component()), "orders", *options).err.splitlines()[-1] == (
        f"Note: the plan has no GitHubDelivery to orders, so the roles are not verified. They must trust the subject "
        f"repo:OWNER/NAME:{job}, or repo:OWNER@ID/NAME@ID:{job} if the repository has numbers in its subjects."
    )


# The backend


def test_the_settings_of_the_backend_are_optional(program: Program) -> None:
    err = workflow(program(configured()), "orders", "--environment", "prod", *PULUMI).err.splitlines()
    at = err.index("Set these as far as the stack's backend and encryption need them:")
    assert err[at + 1 : at + 4] == [
        "  gh variable set PULUMI_BACKEND_URL --env prod",
        "  gh secret set PULUMI_ACCESS_TOKEN --env prod",
        "  gh secret set PULUMI_CONFIG_PASSPHRASE --env prod",
    ]
    assert "PULUMI_" not in workflow(program(configured()), "orders").err


# The repository


def test_a_workflow_where_github_ignores_it_gets_a_note(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = program(component())
    top = in_repository(shop)
    monkeypatch.chdir(shop.folder)
    [note] = notes(shop, "--output", ".github/workflows/deploy.yml")
    assert note == (
        "Note: GitHub runs only workflows in .github/workflows of the repository's root. Write the file to "
        "../.github/workflows/deploy.yml."
    )
    assert notes(shop, "--output", str(top / ".github" / "workflows" / "deploy.yml")) == []


def test_files_of_the_build_that_do_not_exist_get_a_note(program: Program) -> None:
    shop = program(component())
    in_repository(shop)
    assert notes(shop) == []
    assert notes(shop, "--dockerfile", "payments/Dockerfile", "--context", "payments") == [
        f"Note: --dockerfile: payments/Dockerfile does not exist in {shop.folder.parent}. The path begins at the "
        "repository's root.",
        f"Note: --context: payments does not exist in {shop.folder.parent}. The path begins at the repository's root.",
    ]


def test_files_of_an_unknown_repository_get_no_note(program: Program) -> None:
    assert notes(program(component()), "--output", str(program("").folder / "deploy.yml"), "--context", "else") == []


# The program's dependencies


@pytest.mark.parametrize(
    "line",
    [
        "../../pulumi-apprunner[cli]",
        "-e ../../pulumi-apprunner",
        "pulumi-apprunner[cli] @ file:///opt/pulumi-apprunner",
        "/opt/pulumi-apprunner",
    ],
)
def test_a_dependency_outside_the_repository_gets_a_note(program: Program, line: str) -> None:
    shop = program(configured())
    in_repository(shop)
    shop.write("requirements.txt", f"# dependencies\n{line}  # local\n")
    [note, *_] = notes(shop, *PULUMI)
    assert note == (
        f"Note: requirements.txt: {line} is not in the repository, so the job cannot install it. Use a path in the "
        "repository, or a line such as pulumi-apprunner @ git+https://git.example.com/platform/pulumi-apprunner@COMMIT"
    )


@pytest.mark.parametrize(
    "line",
    [
        "../libraries/pulumi-apprunner[cli]",
        "pulumi-apprunner[cli] @ git+https://git.example.com/platform/pulumi-apprunner@4f4f4f4",
        "pulumi_apprunner>=0.1",
        "-r ../base.txt",
    ],
)
def test_a_dependency_that_the_job_can_install_gets_no_note(program: Program, line: str) -> None:
    shop = program(configured())
    in_repository(shop)
    shop.write("requirements.txt", f"{line}\n")
    assert [each for each in notes(shop, *PULUMI) if "requirements" in each] == []


def test_requirements_without_this_library_get_a_note(program: Program) -> None:
    shop = program(configured())
    shop.write("requirements.txt", "pulumi>=3\n")
    assert notes(shop, *PULUMI)[0] == (
        "Note: requirements.txt has no line for pulumi-apprunner. Add one, such as pulumi-apprunner @ "
        "git+https://git.example.com/platform/pulumi-apprunner@COMMIT"
    )
