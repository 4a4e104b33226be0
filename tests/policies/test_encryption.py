import pulumi_aws as aws
import pytest
from pulumi_policy import EnforcementLevel

from apprunner_policies.themes.encryption import customer_key_required, encryption_key_form
from policies.public_services import messages

PREFIX = "arn:aws:kms:eu-west-1:123456789012"
ID = "5f2b7c1e-8d3a-4e6f-9b10-2c4d6e8f0a1b"
MULTI_REGION = "mrk-5f2b7c1e8d3a4e6f9b102c4d6e8f0a1b"


def service(key=None):
    return aws.apprunner.Service(
        "api",
        service_name="api",
        source_configuration={
            "image_repository": {
                "image_identifier": "public.ecr.aws/acme/shop:1.2.3",
                "image_repository_type": "ECR_PUBLIC",
            }
        },
        encryption_configuration={"kms_key": key} if key is not None else None,
    )


def test_a_customer_managed_key_is_required_only_if_the_rule_is_enabled(report):
    assert customer_key_required.enforcement_level == EnforcementLevel.DISABLED
    assert not report(service, customer_key_required).violations


@pytest.mark.parametrize("props", [{}, {"encryptionConfiguration": {}}, {"encryptionConfiguration": {"kmsKey": None}}])
def test_a_service_without_a_key_is_reported_with_the_form_of_a_key_arn(check_rule, props):
    (message,) = check_rule(customer_key_required, props).messages

    assert message.startswith("api: encryptionConfiguration.kmsKey must be set.")
    assert "arn:aws:kms:REGION:ACCOUNT:key/" in message


def test_a_key_passes_even_if_it_is_unknown(check_rule, unknown):
    for key in (f"{PREFIX}:key/{ID}", unknown):
        assert check_rule(customer_key_required, {"encryptionConfiguration": {"kmsKey": key}}).clean


def test_an_unknown_block_is_reported_as_unknown(check_rule, unknown):
    assert (
        "encryptionConfiguration can't be known"
        in check_rule(customer_key_required, {"encryptionConfiguration": unknown}).unknown
    )


@pytest.mark.parametrize("odd", [[], "key", 3, True])
def test_an_invalid_block_has_no_key(check_rule, odd):
    assert len(check_rule(customer_key_required, {"encryptionConfiguration": odd}).messages) == 1


def test_the_remediation_states_that_a_change_replaces_the_service():
    for rule in (customer_key_required, encryption_key_form):
        assert "A new key replaces the service" in str(rule.remediation_steps)


@pytest.mark.parametrize("key", [None, f"{PREFIX}:key/{ID}", f"arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/{ID}"])
def test_no_key_and_a_key_arn_pass(report, key):
    result = report(lambda: service(key), encryption_key_form)

    assert not result.violations
    assert not result.skipped


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (f"{PREFIX}:alias/orders", "the alias"),
        ("alias/orders", "the alias"),
        (f"{PREFIX}:key/{MULTI_REGION}", "the multi-Region key"),
        (MULTI_REGION, "the multi-Region key"),
        (ID, "the id"),
        ("", "the id"),
        (f"{PREFIX}:key/{ID.upper()}", "the ARN"),
        (f"{PREFIX}:key/{ID} ", "the ARN"),
        (f"arn:aws:s3:eu-west-1:123456789012:key/{ID}", "the ARN"),
    ],
)
def test_any_other_string_is_reported_with_its_kind(report, key, kind):
    (message,) = messages(report(lambda: service(key), encryption_key_form))

    assert message.startswith(
        f'api: encryptionConfiguration.kmsKey must be the ARN of a single-Region key, got {kind} "{key}"'
    )
    assert "Set it to an ARN: arn:aws:kms:REGION:ACCOUNT:key/" in message


@pytest.mark.parametrize("unknown", [True, False])
def test_a_multi_region_key_of_the_stack_is_reported_before_its_arn_is_known(report, unknown):
    def program():
        service(aws.kms.Key("orders", multi_region=True).arn)

    (message,) = messages(report(program, encryption_key_form, unknown=unknown))

    assert "got the aws.kms.Key orders, whose multiRegion is true" in message


def test_the_key_of_an_alias_passes(report):
    def program():
        alias = aws.kms.Alias("orders", target_key_id=aws.kms.Key("orders").key_id)
        service(alias.target_key_arn)

    assert not report(program, encryption_key_form, unknown=True).violations


def test_an_unknown_key_is_reported_as_unknown(report):
    result = report(lambda: service(aws.kms.Key("orders").arn), encryption_key_form, unknown=True)

    assert not result.violations
    assert "encryptionConfiguration.kmsKey can't be known" in result.skipped[0].reason


@pytest.mark.parametrize("key", ["alias/aws/apprunner", f"{PREFIX}:alias/aws/secretsmanager"])
def test_a_key_of_aws_is_not_customer_managed(check_rule, key):
    (message,) = check_rule(customer_key_required, {"encryptionConfiguration": {"kmsKey": key}}).messages

    assert message.startswith(f"api: encryptionConfiguration.kmsKey must be a key of your own, got {key}")
