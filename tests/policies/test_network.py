import pytest

from apprunner_policies.network import egress_explicit, ingress_explicit


def network(**blocks):
    return {"networkConfiguration": blocks}


@pytest.mark.parametrize("egress_type", ["DEFAULT", "VPC"])
def test_egress_that_is_said_passes(judge, egress_type):
    assert judge(egress_explicit, network(egressConfiguration={"egressType": egress_type})).clean


@pytest.mark.parametrize(
    "props",
    [{}, network(), network(ingressConfiguration={"isPubliclyAccessible": True}), network(egressConfiguration={})],
)
def test_egress_that_is_not_said_is_a_violation_with_both_values_to_choose_from(judge, props):
    (message,) = judge(egress_explicit, props).messages

    assert message.startswith("api: networkConfiguration.egressConfiguration.egressType is not set")
    assert 'Set it to "DEFAULT" (public internet) or "VPC" (with vpcConnectorArn).' in message


def test_an_unknown_connector_does_not_keep_egress_from_being_judged(judge, unknown):
    assert judge(egress_explicit, network(egressConfiguration={"egressType": "VPC", "vpcConnectorArn": unknown})).clean


def test_an_unknown_egress_type_is_said_to_be_unknown(judge, unknown):
    verdict = judge(egress_explicit, network(egressConfiguration={"egressType": unknown}))

    assert verdict.messages == ()
    assert "egressType can't be known" in verdict.unknown


@pytest.mark.parametrize("public", [True, False])
def test_ingress_that_is_said_passes(judge, public):
    assert judge(ingress_explicit, network(ingressConfiguration={"isPubliclyAccessible": public})).clean


def test_an_ingress_block_without_the_flag_is_told_that_it_makes_the_service_private(judge):
    (message,) = judge(ingress_explicit, network(ingressConfiguration={})).messages

    assert "for which pulumi-aws sends false: the service is cut off from the internet" in message


@pytest.mark.parametrize("props", [{}, network(), network(egressConfiguration={"egressType": "DEFAULT"})])
def test_no_ingress_block_is_told_what_then_holds(judge, props):
    (message,) = judge(ingress_explicit, props).messages

    assert "a new service is then open to the internet" in message


def test_an_unknown_flag_is_said_to_be_unknown(judge, unknown):
    verdict = judge(ingress_explicit, network(ingressConfiguration={"isPubliclyAccessible": unknown}))

    assert verdict.messages == ()
    assert "isPubliclyAccessible can't be known" in verdict.unknown
