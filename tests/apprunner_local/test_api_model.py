"""AWS's models in botocore, and the declared exceptions from App Runner's."""

import pytest

from apprunner_local import api_model
from apprunner_local.apprunner.model_exceptions import IGNORED_TRAITS, MODEL_EXCEPTIONS

LISTED = {"ServiceSummaryList": [{"ServiceId": "0" * 32}]}


def test_a_service_id_matches_the_model_only_without_its_pattern() -> None:
    (problem,) = api_model.output_problems("apprunner", "ListServices", LISTED)
    assert problem.startswith("ListServices.ServiceSummaryList[0].ServiceId: must match")
    assert api_model.output_problems("apprunner", "ListServices", LISTED, IGNORED_TRAITS) == []


def test_an_exception_covers_one_trait_of_one_member() -> None:
    short = {"ServiceSummaryList": [{"ServiceId": "0", "Status": "running"}]}
    assert api_model.output_problems("apprunner", "ListServices", short, IGNORED_TRAITS) == [
        "ListServices.ServiceSummaryList[0].ServiceId: must have a length of 32 to 32, got 1",
        "ListServices.ServiceSummaryList[0].Status: must be one of CREATE_FAILED, RUNNING, DELETED, DELETE_FAILED, "
        "PAUSED, OPERATION_IN_PROGRESS",
    ]


@pytest.mark.parametrize("member", MODEL_EXCEPTIONS, ids=".".join)
def test_every_exception_names_a_member_whose_model_has_the_ignored_trait(member: tuple[str, str]) -> None:
    structure, name = member
    shape = api_model.shape("apprunner", api_model.shape("apprunner", structure)["members"][name]["shape"])
    assert {"pattern": "pattern", "case": "enum"}[MODEL_EXCEPTIONS[member].ignored] in shape
    assert MODEL_EXCEPTIONS[member].reason
