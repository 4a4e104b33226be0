import json
from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_policies.themes.permissions import passrole_scoped
from apprunner_policies.themes.trust import github_role_scoped, instance_role_consistency, trust_has_source_account

TASKS = "tasks.apprunner.amazonaws.com"
SCHEDULER = "scheduler.amazonaws.com"
GITHUB = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::123456789012:oidc-provider/{GITHUB}"


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]})


def trust(service, **more):
    return document({"Principal": {"Service": service}, "Action": "sts:AssumeRole", **more})


def test_a_role_for_schedules_is_limited_to_an_account(check_rule):
    (message,) = check_rule(trust_has_source_account, {"assumeRolePolicy": trust(SCHEDULER)}).messages

    assert message.startswith("api: assumeRolePolicy.Statement[0] must limit scheduler.amazonaws.com to an account")
    assert '"aws:SourceAccount"' in message


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:SourceAccount": "123456789012"}},
        {"ArnLike": {"AWS:sourcearn": "arn:aws:scheduler:eu-west-1:123456789012:schedule/default/*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:scheduler:*:123456789012:*"}},
        {"StringEquals": {"aws:SourceOrgID": "o-0a1b2c3d4e"}},
        {"ForAnyValue:StringLike": {"aws:SourceOrgPaths": "o-0a1b2c3d4e/r-ab12/ou-ab12-11111111/*"}},
    ],
)
def test_a_role_for_the_account_s_own_schedules_passes(report, condition):
    def program():
        aws.iam.Role("night", assume_role_policy=trust(SCHEDULER, Condition=condition))

    assert not report(program, trust_has_source_account).violations


@pytest.mark.parametrize("operator", ["StringLike", "StringNotEquals"])
def test_a_condition_that_always_matches_does_not_count(check_rule, operator):
    condition = {operator: {"aws:SourceAccount": "*"}}

    assert check_rule(trust_has_source_account, {"assumeRolePolicy": trust(SCHEDULER, Condition=condition)}).messages


@pytest.mark.parametrize(
    "condition",
    [
        {"ArnLike": {"aws:SourceArn": "arn:aws:scheduler:*:*:schedule/*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:scheduler:*"}},
        {"StringLike": {"aws:SourceOrgID": "o-*"}},
        {"ForAnyValue:StringLike": {"aws:SourceOrgPaths": "o-*/r-ab12/*"}},
        {"StringEqualsIfExists": {"aws:SourceAccount": "123456789012"}},
    ],
)
def test_a_condition_that_schedules_of_other_accounts_pass_does_not_count(check_rule, condition):
    assert check_rule(trust_has_source_account, {"assumeRolePolicy": trust(SCHEDULER, Condition=condition)}).messages


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}])
def test_a_role_that_everybody_may_assume_is_a_violation(check_rule, principal):
    statement = {"Principal": principal, "Action": "sts:AssumeRole"}
    condition = {"StringEquals": {"aws:PrincipalOrgID": "o-0a1b2c3d4e"}}

    (message,) = check_rule(trust_has_source_account, {"assumeRolePolicy": document(statement)}).messages

    assert message.startswith("api: assumeRolePolicy.Statement[0].Principal must name who may assume the role")
    limited = {"assumeRolePolicy": document(statement | {"Condition": condition})}
    assert check_rule(trust_has_source_account, limited).clean


def test_app_runner_s_own_principals_need_no_source_account(check_rule):
    assert check_rule(trust_has_source_account, {"assumeRolePolicy": trust(TASKS)}).clean


def github(sub: Any = "repo:acme/shop:ref:refs/heads/main", aud: Any = "sts.amazonaws.com", operator="StringLike"):
    trust_policy = {f"{GITHUB}:sub": sub, f"{GITHUB}:aud": aud}
    return document(
        {
            "Principal": {"Federated": PROVIDER},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {operator: {key: value for key, value in trust_policy.items() if value is not None}},
        }
    )


@pytest.mark.parametrize(
    "sub",
    [
        "*",
        "repo:*",
        "repo:acme/*",
        "repo:acme/shop*",
        "repo:ac*/shop:*",
        "repo:acme/*:ref:refs/heads/main",
        "repository_owner:acme:repository:acme/*:environment:prod",
        "repository_owner:acme:environment:prod",
        "job_workflow_ref:acme/*/.github/workflows/deploy.yml@refs/heads/main",
        "*:repository:acme/shop",
        "acme/shop:*",
    ],
)
def test_a_role_for_several_repositories_is_a_violation(check_rule, sub):
    (message,) = check_rule(github_role_scoped, {"assumeRolePolicy": github(sub)}).messages

    assert message.startswith("api: assumeRolePolicy.Statement[0] must accept GitHub's tokens of named")
    assert f'{GITHUB}:sub "{sub}"' in message


def test_the_message_names_the_repository_with_a_wildcard(check_rule):
    (message,) = check_rule(
        github_role_scoped, {"assumeRolePolicy": github(["repo:acme/shop:*", "repo:acme/*"])}
    ).messages

    assert f'{GITHUB}:sub "repo:acme/*":' in message


@pytest.mark.parametrize("aud", [None, "*", "https://github.com/acme"])
def test_a_role_for_tokens_of_any_audience_is_a_violation(check_rule, aud):
    (message,) = check_rule(github_role_scoped, {"assumeRolePolicy": github(aud=aud)}).messages

    assert "must accept only GitHub's tokens for AWS, got " in message


def test_a_role_without_conditions_has_two_violations(check_rule):
    trust_policy = document({"Principal": {"Federated": PROVIDER}, "Action": "sts:AssumeRoleWithWebIdentity"})

    assert len(check_rule(github_role_scoped, {"assumeRolePolicy": trust_policy}).messages) == 2


@pytest.mark.parametrize(
    "sub",
    [
        "repo:acme/shop:*",
        "repo:acme/shop:environment:prod",
        ["repo:acme/shop:*", "repo:acme/web:pull_request"],
        "repository_owner:acme:repository:acme/shop:environment:prod",
        "environment:prod:repository_id:789012",
        "job_workflow_ref:acme/automation/.github/workflows/deploy.yml@refs/heads/main",
        "job_workflow_ref:acme/automation/.github/workflows/*",
    ],
)
def test_a_role_for_named_repositories_passes(report, sub):
    def program():
        aws.iam.Role("deploy", assume_role_policy=github(sub))

    assert not report(program, github_role_scoped).violations


@pytest.mark.parametrize("operator", ["StringLikeIfExists", "ForAllValues:StringLike"])
def test_a_condition_that_needs_no_subject_is_a_violation(check_rule, operator):
    (message,) = check_rule(github_role_scoped, {"assumeRolePolicy": github(operator=operator)}).messages

    assert "got a condition on token.actions.githubusercontent.com:sub with IfExists or ForAllValues" in message


def test_a_role_of_another_issuer_is_ignored(check_rule):
    trust_policy = github("repo:*").replace(PROVIDER, "arn:aws:iam::123456789012:oidc-provider/gitlab.com")

    assert check_rule(github_role_scoped, {"assumeRolePolicy": trust_policy}).clean


@pytest.mark.parametrize("rule", [trust_has_source_account, github_role_scoped])
def test_an_unknown_trust_policy_is_reported_as_unknown(check_rule, unknown, rule):
    assert "assumeRolePolicy can't be known" in check_rule(rule, {"assumeRolePolicy": unknown}).unknown


@pytest.mark.parametrize("odd", [None, 3, [], "no JSON", "[1]", {"Statement": [7, {"Effect": 1, "Condition": "x"}]}])
def test_an_invalid_policy_is_no_violation(check_rule, odd):
    assert check_rule(trust_has_source_account, {"assumeRolePolicy": odd}).clean
    assert check_rule(github_role_scoped, {"assumeRolePolicy": odd}).clean
    assert check_rule(passrole_scoped, {"policy": odd}, of_type="aws:iam/policy:Policy").clean
    assert check_rule(passrole_scoped, {"inlinePolicies": odd}, of_type="aws:iam/role:Role").clean


@pytest.mark.parametrize(("claim", "content"), [("repository", "acme/shop"), ("repository_id", "789012")])
def test_another_claim_can_name_the_repository(check_rule, claim, content):
    def trusted(operator):
        condition = {"StringLike": {f"{GITHUB}:sub": "repo:acme/*", f"{GITHUB}:aud": "sts.amazonaws.com"}}
        statement = {"Principal": {"Federated": PROVIDER}, "Action": "sts:AssumeRoleWithWebIdentity"}
        more = {operator: {f"{GITHUB}:{claim}": content}}
        return {"assumeRolePolicy": document(statement | {"Condition": condition | more})}

    assert check_rule(github_role_scoped, trusted("StringEquals")).clean
    assert check_rule(github_role_scoped, trusted("StringEqualsIfExists")).messages


@pytest.mark.parametrize(("operator", "is_reported"), [("StringEquals", True), ("StringLike", False)])
def test_a_wildcard_with_string_equals_matches_no_token(check_rule, operator, is_reported):
    condition = {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}
    condition.setdefault(operator, {})[f"{GITHUB}:sub"] = "repo:acme/shop:*"
    statement = {"Principal": {"Federated": PROVIDER}, "Action": "sts:AssumeRoleWithWebIdentity"}
    trusting = document({**statement, "Condition": condition})
    result = check_rule(github_role_scoped, {"assumeRolePolicy": trusting}).messages

    assert bool(result) is is_reported
    assert all("StringEquals compares * as an ordinary character" in each for each in result)


# Instance roles


def service(role: Any):
    return aws.apprunner.Service(
        "api",
        service_name="shop-api",
        source_configuration={
            "image_repository": {
                "image_repository_type": "ECR_PUBLIC",
                "image_identifier": "public.ecr.aws/docker/library/nginx:1.27",
            }
        },
        instance_configuration={"instance_role_arn": role},
    )


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("principal", ["build.apprunner.amazonaws.com", "ecs-tasks.amazonaws.com"])
def test_an_instance_role_trusts_app_runner_s_tasks(report, principal, unknown):
    def program():
        service(aws.iam.Role("tasks", assume_role_policy=trust(principal)).arn)

    (violation,) = report(program, instance_role_consistency, unknown=unknown).violations

    assert "must be a role that tasks.apprunner.amazonaws.com may assume, got tasks" in violation.message
    assert f'trusts "{principal}". App Runner rejects the service.' in violation.message


@pytest.mark.parametrize("principal", [TASKS, [SCHEDULER, TASKS]])
def test_an_instance_role_of_app_runner_passes(report, principal):
    result = report(
        lambda: service(aws.iam.Role("tasks", assume_role_policy=trust(principal)).arn), instance_role_consistency
    )

    assert not result.violations
    assert not result.skipped


@pytest.mark.parametrize(
    ("arn", "is_reported"),
    [
        ("arn:aws:iam::123456789012:instance-profile/tasks", True),
        ("arn:aws:iam::123456789012:policy/tasks", True),
        ("arn:aws:iam::123456789012:role/tasks", False),
        (None, False),
        ("", False),
    ],
)
def test_an_instance_role_is_a_role(report, arn, is_reported):
    result = report(lambda: service(arn), instance_role_consistency)

    assert bool(result.violations) is is_reported
    assert all("must be the ARN of a role" in each.message for each in result.violations)


def test_an_unknown_trust_policy_is_skipped(report):
    def program():
        bucket = aws.s3.Bucket("x").arn
        service(aws.iam.Role("tasks", assume_role_policy=bucket).arn)

    result = report(program, instance_role_consistency, unknown=True)

    assert not result.violations
    assert result.skipped
