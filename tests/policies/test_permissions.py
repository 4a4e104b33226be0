import json
from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_policies.themes.permissions import no_wildcard_permissions, passrole_scoped
from policies.public_services import messages

TASKS = "tasks.apprunner.amazonaws.com"
SCHEDULER = "scheduler.amazonaws.com"
BUCKET = "arn:aws:s3:::shop/*"
ROLE = "arn:aws:iam::123456789012:role/api"


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]})


def trust(service, **more):
    return document({"Principal": {"Service": service}, "Action": "sts:AssumeRole", **more})


def role_with(*statements, service=TASKS):
    def program():
        role = aws.iam.Role("api", assume_role_policy=trust(service))
        aws.iam.RolePolicy("rights", role=role.name, policy=document(*statements))

    return program


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"Action": "*", "Resource": BUCKET}, 'Action must name actions, got "*"'),
        ({"Action": ["s3:GetObject", "s3:*"], "Resource": BUCKET}, 'Action must name actions, got "s3:*"'),
        ({"Action": "s3:GetObject", "Resource": "*"}, 'Resource must name ARNs, got "*" for "s3:GetObject"'),
        ({"Action": "s3:GetObject", "Resource": "arn:aws:*"}, 'Resource must name ARNs, got "arn:aws:*"'),
        ({"Action": "S3:getobject", "Resource": "arn:aws:s3:::*"}, 'Resource must name ARNs, got "arn:aws:s3:::*"'),
        ({"Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:*:*:table/*"}, 'got "arn:aws:dynamodb:*:*:tab'),
        ({"Action": "sts:AssumeRole", "Resource": "arn:aws:iam::*:role/*"}, 'got "arn:aws:iam::*:role/*"'),
        ({"Action": "*:GetItem", "Resource": BUCKET}, 'Action must name actions, got "*:GetItem"'),
        (
            {"Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceIp": "10.0.0.1"}}},
            'got "*" for "s3:GetObject"',
        ),
        (
            {
                "Action": "sqs:SendMessage",
                "Resource": "*",
                "Condition": {"StringEqualsIfExists": {"aws:ResourceTag/app": "shop"}},
            },
            'got "*" for "sqs:SendMessage"',
        ),
        ({"NotAction": "iam:*", "Resource": BUCKET}, 'got NotAction "iam:*"'),
        ({"Action": "s3:GetObject", "NotResource": BUCKET}, "got NotResource "),
        ({"Action": ["xray:PutTraceSegments", "sqs:SendMessage"], "Resource": "*"}, 'for "sqs:SendMessage"'),
    ],
)
def test_a_wildcard_of_an_instance_role_is_reported_with_its_path(report, statement, expected):
    (message,) = messages(report(role_with(statement), no_wildcard_permissions))

    assert message.startswith("api: policy of rights (aws:iam/rolePolicy:RolePolicy): Statement[0]")
    assert expected in message


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": "s3:Get*", "Resource": BUCKET},
        {"Action": "ecr:GetAuthorizationToken", "Resource": "*"},
        {"Action": ["xray:PutTraceSegments", "xray:GetSampling*", "cloudwatch:PutMetricData"], "Resource": ["*"]},
        {"Effect": "Deny", "Action": "*", "Resource": "*"},
        {"Action": ["textract:Detect*", "rekognition:DetectLabels", "bedrock:List*"], "Resource": "*"},
        {"Action": "sns:Publish", "NotResource": "arn:aws:sns:*:*:*"},
        {"Action": "ses:SendEmail", "Resource": "*", "Condition": {"StringEquals": {"ses:FromAddress": "a@acme.com"}}},
        {
            "Action": "dynamodb:GetItem",
            "Resource": "*",
            "Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["shop"]}},
        },
        {
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:ViaService": "ssm.eu-west-1.amazonaws.com"}},
        },
    ],
)
def test_named_actions_and_actions_without_resources_pass(report, statement):
    assert not report(role_with(statement), no_wildcard_permissions).violations


@pytest.mark.parametrize(
    "denied", [{"Resource": "arn:aws:sns:*:*:*"}, {"NotResource": "arn:aws:sns:eu-west-1:123456789012:orders"}]
)
def test_a_denial_limits_an_action_to_text_messages_or_named_resources(report, denied):
    publish = {"Action": "sns:Publish", "Resource": "*"}
    denial = {"Effect": "Deny", "Action": "sns:*", **denied}

    assert report(role_with(publish), no_wildcard_permissions).violations
    assert not report(role_with(publish, denial), no_wildcard_permissions).violations
    conditional = denial | {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    assert report(role_with(publish, conditional), no_wildcard_permissions).violations


def test_wildcards_of_other_roles_are_ignored(report):
    everything = {"Action": "*", "Resource": "*"}

    assert not report(role_with(everything, service="lambda.amazonaws.com"), no_wildcard_permissions).violations
    assert not report(role_with(everything, service=SCHEDULER), no_wildcard_permissions).violations


def test_a_scheduler_role_with_app_runner_s_actions_is_checked(report):
    pause = {"Action": "apprunner:PauseService", "Resource": "*"}

    assert (
        'for "apprunner:PauseService"'
        in messages(report(role_with(pause, service=SCHEDULER), no_wildcard_permissions))[0]
    )


def test_a_scheduler_role_is_recognized_by_its_pause_schedule(report):
    def program():
        role = aws.iam.Role("api", assume_role_policy=trust(SCHEDULER))
        aws.iam.RolePolicy("rights", role=role.name, policy=document({"Action": "*", "Resource": BUCKET}))
        aws.scheduler.Schedule(
            "night",
            schedule_expression="cron(0 20 * * ? *)",
            flexible_time_window={"mode": "OFF"},
            target={"arn": "arn:aws:scheduler:::aws-sdk:apprunner:pauseService", "role_arn": role.arn},
        )

    assert report(program, no_wildcard_permissions).violations
    assert report(program, no_wildcard_permissions, unknown=True).violations


@pytest.mark.parametrize(
    ("policy", "is_a_violation"),
    [
        ("AdministratorAccess", True),
        ("PowerUserAccess", True),
        ("AmazonS3FullAccess", True),
        ("AmazonDynamoDBFullAccess_v2", True),
        ("CloudWatchFullAccessV2", True),
        ("ReadOnlyAccess", True),
        ("SecretsManagerReadWrite", True),
        ("job-function/SystemAdministrator", True),
        ("AWSXRayDaemonWriteAccess", False),
        ("service-role/AWSAppRunnerServicePolicyForECRAccess", False),
    ],
)
def test_managed_policies_with_full_access_are_violations(report, policy, is_a_violation):
    def program():
        role = aws.iam.Role("api", assume_role_policy=trust("build.apprunner.amazonaws.com"))
        aws.iam.RolePolicyAttachment("rights", role=role.name, policy_arn=f"arn:aws:iam::aws:policy/{policy}")

    assert bool(report(program, no_wildcard_permissions).violations) is is_a_violation


def test_an_unknown_policy_does_not_hide_another_violation(report):
    def program():
        table = aws.dynamodb.Table("orders")
        role = aws.iam.Role("api", assume_role_policy=trust(TASKS))
        unknown = table.arn.apply(lambda arn: document({"Action": "dynamodb:GetItem", "Resource": arn}))
        aws.iam.RolePolicy("orders", role=role.name, policy=unknown)
        aws.iam.RolePolicy("rights", role=role.name, policy=document({"Action": "s3:*", "Resource": BUCKET}))

    result = report(program, no_wildcard_permissions, unknown=True)

    assert len(result.violations) == 1
    assert "policy can't be known" in result.skipped[0].reason
    assert len(report(program, no_wildcard_permissions).violations) == 1


def test_actions_without_resources_are_configurable(report):
    config = {"no-wildcard-permissions": {"actionsWithoutResources": ["newservice:*"]}}
    program = role_with({"Action": "newservice:Ask", "Resource": "*"})

    assert report(program, no_wildcard_permissions).violations
    assert not report(program, no_wildcard_permissions, config=config).violations


def pass_role(resource: Any = ROLE, service: Any = "apprunner.amazonaws.com", operator="StringEquals"):
    condition = {"Condition": {operator: {"iam:PassedToService": service}}} if service else {}
    return {"Action": ["iam:PassRole"], "Resource": resource, **condition}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (pass_role(resource="*"), 'got Resource "*"'),
        (pass_role(resource="arn:aws:iam::123456789012:role/*"), "any role of the account can be passed"),
        (pass_role(service=None), "with a condition on iam:PassedToService, got none"),
        (pass_role(operator="StringNotEquals"), "with a condition on iam:PassedToService, got none"),
        (pass_role(service="*.amazonaws.com", operator="StringLike"), 'iam:PassedToService "*.amazonaws.com"'),
        ({**pass_role(service=None), "Action": "iam:Pass*"}, "got none"),
    ],
)
@pytest.mark.parametrize(
    "of_type",
    [
        "aws:iam/groupPolicy:GroupPolicy",
        "aws:iam/policy:Policy",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/userPolicy:UserPolicy",
    ],
)
def test_pass_role_on_any_role_or_service_is_a_violation(check_rule, statement, expected, of_type):
    (message,) = check_rule(passrole_scoped, {"policy": document(statement)}, of_type=of_type).messages

    assert message.startswith("api: policy.Statement[0] must ")
    assert expected in message


@pytest.mark.parametrize("of_type", ["aws:iam/userPolicy:UserPolicy", "aws:iam/policy:Policy"])
def test_not_action_allows_passing_roles(check_rule, of_type):
    everything_else = {"policy": document({"NotAction": ["ec2:*"], "Resource": "*"})}
    without_iam = {"policy": document({"NotAction": ["iam:*"], "Resource": "*"})}

    assert len(check_rule(passrole_scoped, everything_else, of_type=of_type).messages) == 2
    assert check_rule(passrole_scoped, without_iam, of_type=of_type).clean


@pytest.mark.parametrize(
    "denial",
    [
        {"Action": "iam:*", "Resource": "*"},
        {"Action": "iam:PassRole", "Resource": "arn:aws:iam::*:role/*"},
    ],
)
def test_a_denial_of_pass_role_wins(check_rule, denial):
    policy = {"policy": document({"Action": "*", "Resource": "*"}, {"Effect": "Deny", **denial})}

    assert check_rule(passrole_scoped, policy, of_type="aws:iam/userPolicy:UserPolicy").clean


def test_denials_can_limit_roles_and_services(check_rule):
    other_services = {"StringNotEquals": {"iam:PassedToService": "apprunner.amazonaws.com"}}
    policy = document(
        {"Action": "iam:PassRole", "Resource": "*"},
        {"Effect": "Deny", "Action": "iam:PassRole", "NotResource": ROLE},
        {"Effect": "Deny", "Action": "iam:PassRole", "Resource": "*", "Condition": other_services},
    )

    assert check_rule(passrole_scoped, {"policy": policy}, of_type="aws:iam/userPolicy:UserPolicy").clean


def test_an_unknown_inline_policy_does_not_hide_another(check_rule, unknown):
    inline = [{"policy": unknown}, {"policy": document(pass_role("*"))}]
    result = check_rule(passrole_scoped, {"inlinePolicies": inline}, of_type="aws:iam/role:Role")

    assert "inlinePolicies[1].policy.Statement[0]" in result.messages[0]
    assert result.unknown


def test_pass_role_is_checked_in_inline_policies_too(report):
    def program():
        inline: Any = [{"name": "deploy", "policy": document(pass_role("*"))}]
        aws.iam.Role("deploy", assume_role_policy=trust("ec2.amazonaws.com"), inline_policies=inline)

    assert messages(report(program, passrole_scoped))[0].startswith("deploy: inlinePolicies[0].policy.Statement[0]")


@pytest.mark.parametrize(
    "statement",
    [
        pass_role(),
        pass_role([ROLE, "arn:aws:iam::123456789012:role/apprunner-*"], ["apprunner.amazonaws.com", SCHEDULER]),
        {"Effect": "Deny", "Action": "iam:PassRole", "Resource": "*"},
        {"Action": "s3:*", "Resource": "*"},
        {"Action": "*", "Resource": BUCKET},
        {**pass_role(service=None), "Condition": {"ArnLike": {"iam:AssociatedResourceArn": "arn:aws:apprunner:*:*:*"}}},
    ],
)
def test_pass_role_on_named_roles_and_services_passes(report, statement):
    assert not report(role_with(statement), passrole_scoped).violations


def test_a_wildcard_action_includes_pass_role_except_in_a_managed_policy(check_rule):
    props = {"policy": document({"Action": "*", "Resource": "*"})}

    assert check_rule(passrole_scoped, props, of_type="aws:iam/rolePolicy:RolePolicy").messages
    assert check_rule(passrole_scoped, props, of_type="aws:iam/policy:Policy").clean


@pytest.mark.parametrize("unknown", [True, False])
def test_a_managed_policy_of_all_actions_passes_roles_once_it_is_attached(report, unknown):
    def program():
        admin = aws.iam.Policy("admin", policy=document({"Action": "*", "Resource": "*"}))
        aws.iam.UserPolicyAttachment("ci", user="ci", policy_arn=admin.arn)

    found = messages(report(program, passrole_scoped, unknown=unknown))
    assert len(found) == 2
    assert found[0].startswith("admin: policy.Statement[0] must allow iam:PassRole on named roles only")


def test_an_unknown_policy_is_reported_as_unknown(check_rule, unknown):
    result = check_rule(passrole_scoped, {"policy": unknown}, of_type="aws:iam/policy:Policy")

    assert "policy can't be known" in result.unknown
