import json
from typing import Any

import pulumi_aws as aws
import pytest
from pulumi_policy import Severity

from apprunner_facts import source
from apprunner_facts.tokens import ROLE, SERVICE
from apprunner_policies.grants import grants, role_of
from apprunner_policies.rule import StackRule
from apprunner_policies.statements import statements

DOCUMENT = json.dumps({"Statement": {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}})
ACCESS = {"image_identifier": "1.dkr.ecr.eu-west-1.amazonaws.com/shop:1", "image_repository_type": "ECR"}


def rule_of(check, of_type=ROLE):
    return StackRule(
        "says",
        resource_types=[of_type],
        checks=[check],
        description="Says what it sees.",
        remediation_steps="None.",
        source=source.IAM,
        severity=Severity.LOW,
    )


def _permissions(role, stack):
    if role.name == "api":
        for grant in grants(role, stack):
            what = grant.managed_policy_arn or ",".join(each.actions[0] for each in grant.statements)
            yield f"{grant.origin.name} {grant.path} {what}"


def permissions(report, program, unknown=False):
    """Return the permissions of the role "api", sorted."""
    result = report(program, rule_of(_permissions), unknown=unknown)
    return sorted(each.message.removeprefix("api: ") for each in result.violations)


def role(name="api", **more):
    return aws.iam.Role(name, assume_role_policy="{}", **more)


def one(document):
    (statement,) = statements(document)
    return statement


@pytest.mark.parametrize("odd", [None, 3.0, "", "no JSON", "[]", [], {}, {"Statement": "x"}, {"Statement": [3, None]}])
def test_an_invalid_document_has_no_statements(odd):
    assert statements(odd) == ()


def test_single_strings_and_single_statements_are_read_as_lists():
    statement = one({"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Principal": "*"}})

    assert statement.actions == ("s3:GetObject",)
    assert statement.principals == {"AWS": ("*",)}


def test_case_does_not_matter_in_actions_and_condition_keys():
    condition = {"StringEquals": {"AWS:SourceAccount": "1"}}
    statement = one({"Statement": {"Effect": "allow", "Action": "S3:getobject", "Condition": condition}})

    assert statement.allows
    assert statement.covers("s3:GetObject")
    assert statement.conditions == {"stringequals": {"aws:sourceaccount": ("1",)}}


@pytest.mark.parametrize(
    ("granted", "covered"),
    [
        ({"Action": "s3:Get*", "Resource": "arn:aws:s3:::shop/*"}, True),
        ({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::web/*"}, False),
        ({"Action": "s3:Put*", "Resource": "*"}, False),
        ({"NotAction": "iam:*", "Resource": "*"}, True),
        ({"NotAction": "s3:*", "Resource": "*"}, False),
        ({"Action": "s3:*", "NotResource": "arn:aws:s3:::shop/*"}, False),
        ({"Action": "s3:*", "Resource": "arn:aws:s3:::[s]hop/*"}, False),
    ],
)
def test_a_statement_covers_the_same_resources_as_in_iam(granted, covered):
    assert one({"Statement": granted}).covers("s3:GetObject", "arn:aws:s3:::shop/a") is covered


@pytest.mark.parametrize("unknown", [True, False])
def test_a_role_has_its_inline_attached_and_managed_policies(report, unknown):
    def program():
        api = role(inline_policies=[{"name": "x", "policy": DOCUMENT}])
        aws.iam.RolePolicy("own", role=api.name, policy=DOCUMENT)
        policy = aws.iam.Policy("shared", policy=DOCUMENT)
        aws.iam.RolePolicyAttachment("by-reference", role=api.name, policy_arn=policy.arn)
        aws.iam.RolePolicyAttachment("by-arn", role=api.name, policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess")
        aws.iam.RolePolicy("other", role=role("web").name, policy=DOCUMENT)

    assert permissions(report, program, unknown) == [
        "api inlinePolicies[0].policy sqs:SendMessage",
        "by-arn policyArn arn:aws:iam::aws:policy/ReadOnlyAccess",
        "own policy sqs:SendMessage",
        "shared policy sqs:SendMessage",
    ]


@pytest.mark.parametrize("unknown", [True, False])
def test_managed_policy_arns_of_a_role_are_looked_up_in_the_stack(report, unknown):
    def program():
        policy = aws.iam.Policy("shared", policy=DOCUMENT)
        role(managed_policy_arns=[policy.arn, "arn:aws:iam::aws:policy/ReadOnlyAccess"])

    assert permissions(report, program, unknown) == [
        "api managedPolicyArns arn:aws:iam::aws:policy/ReadOnlyAccess",
        "shared policy sqs:SendMessage",
    ]


@pytest.mark.parametrize("unknown", [True, False])
def test_a_policy_that_is_attached_to_several_roles_counts_for_each(report, unknown):
    def program():
        policy = aws.iam.Policy("shared", policy=DOCUMENT)
        aws.iam.PolicyAttachment("all", roles=[role("web").name, role().name], policy_arn=policy.arn)

    assert permissions(report, program, unknown) == ["shared policy sqs:SendMessage"]


def test_a_role_can_be_named_by_a_string(report):
    def program():
        aws.iam.Role("api", name="shop-api", assume_role_policy="{}")
        aws.iam.RolePolicy("own", role="shop-api", policy=DOCUMENT)

    assert permissions(report, program) == ["own policy sqs:SendMessage"]


def _access_role(service, stack):
    named_role = role_of(
        service, "sourceConfiguration", "sourceConfiguration.authenticationConfiguration.accessRoleArn", stack
    )
    yield named_role.name if named_role else "none"


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("named", [True, False])
def test_only_the_role_that_the_property_names_is_returned(report, unknown, named):
    def program():
        variables = {"runtime_environment_variables": {"ROLE": role("other").arn}} if not named else {}
        access: Any = {"authentication_configuration": {"access_role_arn": role("access").arn}} if named else {}
        image = {**ACCESS, "image_configuration": variables}
        configuration: Any = {"image_repository": image, **access}
        aws.apprunner.Service("api", service_name="api", source_configuration=configuration)

    (violation,) = report(program, rule_of(_access_role, SERVICE), unknown=unknown).violations
    assert violation.message == ("api: access" if named else "api: none")
