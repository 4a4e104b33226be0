import pytest

from apprunner_policies.themes.network import (
    connector_required,
    egress_consistency,
    egress_explicit,
    ingress_explicit,
    no_public_access,
)
from policies.public_services import network_service


def network(**blocks):
    return {"networkConfiguration": blocks}


@pytest.mark.parametrize("egress_type", ["DEFAULT", "VPC"])
def test_an_explicit_egress_type_passes(check_rule, egress_type):
    assert check_rule(egress_explicit, network(egressConfiguration={"egressType": egress_type})).clean


@pytest.mark.parametrize(
    "props",
    [{}, network(), network(ingressConfiguration={"isPubliclyAccessible": True}), network(egressConfiguration={})],
)
def test_a_missing_egress_type_is_reported_with_both_values(check_rule, props):
    (message,) = check_rule(egress_explicit, props).messages

    assert message.startswith("api: networkConfiguration.egressConfiguration.egressType must be set.")
    assert 'Set it to "DEFAULT" (public internet) or "VPC" (with vpcConnectorArn).' in message


def test_an_unknown_connector_does_not_keep_egress_from_being_checked(check_rule, unknown):
    assert check_rule(
        egress_explicit, network(egressConfiguration={"egressType": "VPC", "vpcConnectorArn": unknown})
    ).clean


def test_an_unknown_egress_type_is_reported_as_unknown(check_rule, unknown):
    result = check_rule(egress_explicit, network(egressConfiguration={"egressType": unknown}))

    assert result.messages == ()
    assert "egressType can't be known" in result.unknown


@pytest.mark.parametrize("public", [True, False])
def test_an_explicit_ingress_flag_passes(check_rule, public):
    assert check_rule(ingress_explicit, network(ingressConfiguration={"isPubliclyAccessible": public})).clean


def test_an_ingress_block_without_the_flag_is_a_violation(check_rule):
    (message,) = check_rule(ingress_explicit, network(ingressConfiguration={})).messages

    assert "pulumi-aws sends false, and the internet cannot reach the service" in message


@pytest.mark.parametrize("props", [{}, network(), network(egressConfiguration={"egressType": "DEFAULT"})])
def test_a_missing_ingress_block_is_reported_with_the_default(check_rule, props):
    (message,) = check_rule(ingress_explicit, props).messages

    assert "Without it a new service is public" in message


def test_an_unknown_flag_is_reported_as_unknown(check_rule, unknown):
    result = check_rule(ingress_explicit, network(ingressConfiguration={"isPubliclyAccessible": unknown}))

    assert result.messages == ()
    assert "isPubliclyAccessible can't be known" in result.unknown


# Egress and connectors


PATH = "networkConfiguration.egressConfiguration.vpcConnectorArn"
CONNECTOR = "arn:aws:apprunner:eu-west-1:123456789012:vpcconnector/private/1/0a1b2c3d4e5f6071"


def egress(**configuration):
    return network(egressConfiguration=configuration)


@pytest.mark.parametrize(
    "configuration",
    [{}, {"egressType": "DEFAULT"}, {"egressType": "VPC", "vpcConnectorArn": CONNECTOR}, {"vpcConnectorArn": ""}],
)
def test_a_connector_with_egress_to_the_vpc_passes(check_rule, configuration):
    assert check_rule(egress_consistency, egress(**configuration)).clean


def test_an_unknown_connector_counts_as_a_connector(check_rule, unknown):
    assert check_rule(egress_consistency, egress(egressType="VPC", vpcConnectorArn=unknown)).clean
    (message,) = check_rule(egress_consistency, egress(egressType="DEFAULT", vpcConnectorArn=unknown)).messages
    assert 'must be "VPC", since ' in message
    assert 'vpcConnectorArn is set, got "DEFAULT"' in message


def test_egress_to_the_vpc_without_a_connector_is_a_violation(check_rule):
    (message,) = check_rule(egress_consistency, egress(egressType="VPC")).messages

    assert message.startswith("api: networkConfiguration.egressConfiguration.vpcConnectorArn must be set, since ")
    assert 'egressType is "VPC"' in message


def test_a_connector_without_an_egress_type_is_a_violation(check_rule):
    (message,) = check_rule(egress_consistency, egress(vpcConnectorArn=CONNECTOR)).messages

    assert "vpcConnectorArn is set, got none" in message


@pytest.mark.parametrize("kind", ["vpc", "PUBLIC", 1, True, ["VPC"]])
def test_an_unknown_egress_type_name_is_a_violation(check_rule, kind):
    (message,) = check_rule(egress_consistency, egress(egressType=kind, vpcConnectorArn=CONNECTOR)).messages

    assert 'egressType must be "DEFAULT" (public internet) or "VPC", got "' in message


@pytest.mark.parametrize(
    ("props", "expected"),
    [
        ({}, egress(egressType="DEFAULT")),
        (network(), egress(egressType="DEFAULT")),
        (egress(), egress(egressType="DEFAULT")),
        (egress(vpcConnectorArn=CONNECTOR), egress(egressType="VPC", vpcConnectorArn=CONNECTOR)),
        (
            network(ingressConfiguration={"isPubliclyAccessible": False}),
            network(
                ingressConfiguration={"isPubliclyAccessible": False}, egressConfiguration={"egressType": "DEFAULT"}
            ),
        ),
    ],
)
def test_egress_is_fixed_to_match_the_connector(check_rule, remediate, props, expected):
    assert remediate(egress_explicit, props) == expected
    assert check_rule(egress_explicit, expected).clean
    assert check_rule(egress_consistency, expected).clean


def test_an_unknown_connector_is_fixed_as_a_connector(remediate, unknown):
    expected = remediate(egress_explicit, egress(vpcConnectorArn=unknown))

    assert expected["networkConfiguration"]["egressConfiguration"]["egressType"] == "VPC"


def test_explicit_and_unknown_values_are_not_changed(remediate, unknown):
    for props in (
        egress(egressType="DEFAULT"),
        egress(egressType=unknown),
        network(egressConfiguration=unknown),
        {"networkConfiguration": unknown},
    ):
        assert remediate(egress_explicit, props) is None


@pytest.mark.parametrize(
    "arn",
    ["main", "subnet-1", "arn:aws:apprunner:eu-west-1:123456789012:service/a/0a1b", "arn:aws:ec2:::vpc/1", "arn:"],
)
def test_a_connector_that_is_no_arn_of_a_connector_is_a_violation(check_rule, arn):
    (message,) = check_rule(egress_consistency, egress(egressType="VPC", vpcConnectorArn=arn)).messages

    assert message.startswith(f'api: {PATH} must be the ARN of a VPC connector, got "{arn}".')


def test_an_empty_egress_type_counts_as_missing(check_rule, remediate):
    props = network(egressConfiguration={"egressType": ""})

    assert check_rule(egress_explicit, props).messages
    assert remediate(egress_explicit, props) == network(egressConfiguration={"egressType": "DEFAULT"})


# Required by an organization


@pytest.mark.parametrize(
    ("props", "got"),
    [
        ({}, '"DEFAULT" (the default of a new service, since it is not set)'),
        (egress(egressType="DEFAULT"), '"DEFAULT".'),
    ],
)
def test_a_connector_can_be_required(check_rule, props, got):
    (message,) = check_rule(connector_required, props).messages

    assert message.startswith(f'api: networkConfiguration.egressConfiguration.egressType must be "VPC", got {got}')


def test_a_service_with_a_connector_has_the_required_one(check_rule, unknown):
    assert check_rule(connector_required, egress(egressType="VPC", vpcConnectorArn=unknown)).clean


@pytest.mark.parametrize("props", [{}, network(ingressConfiguration={"isPubliclyAccessible": True})])
def test_public_access_can_be_forbidden(check_rule, props):
    (message,) = check_rule(no_public_access, props).messages

    assert "isPubliclyAccessible must be false, got true" in message
    assert ("the default of a new service" in message) is (props == {})


@pytest.mark.parametrize("block", [{"isPubliclyAccessible": False}, {}])
def test_a_private_service_is_not_public(check_rule, block):
    assert check_rule(no_public_access, network(ingressConfiguration=block)).clean


def test_requirements_of_an_organization_are_off_by_default(report):
    assert not report(network_service, connector_required, no_public_access).violations
