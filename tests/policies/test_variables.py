import pytest

from apprunner_policies.themes.variables import reserved_environment_names

IMAGE = "sourceConfiguration.imageRepository.imageConfiguration"
CODE = "sourceConfiguration.codeRepository.codeConfiguration.codeConfigurationValues"
PLACES = [
    f"{configuration}.{key}"
    for configuration in (IMAGE, CODE)
    for key in ("runtimeEnvironmentVariables", "runtimeEnvironmentSecrets")
]


def at(path, value):
    for key in reversed(path.split(".")):
        value = {key: value}
    return value


@pytest.mark.parametrize("place", PLACES)
def test_port_is_a_violation_in_each_map_of_variables(judge, place):
    configuration = place.rpartition(".")[0]

    assert judge(reserved_environment_names, at(place, {"PORT": "8080"})).messages == (
        f"api: {place}.PORT is reserved. App Runner sets it itself. "
        f"Remove it, and set the application's port in {configuration}.port.",
    )


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ["AWSAPPRUNNER", "AWSAPPRUNNER_MODE", "AWSAPPRUNNERX"])
def test_a_name_that_begins_with_the_reserved_prefix_is_a_violation(judge, place, name):
    assert judge(reserved_environment_names, at(place, {name: "on"})).messages == (
        f"api: {place}.{name} is reserved. App Runner reserves names that begin with AWSAPPRUNNER. "
        "Rename it, here and in the application.",
    )


@pytest.mark.parametrize("name", ["DB_PORT", "PORTS", "port", "MY_AWSAPPRUNNER", "AWS_REGION", "AWSAPP"])
def test_a_name_that_only_resembles_a_reserved_one_passes(judge, name):
    for place in PLACES:
        assert judge(reserved_environment_names, at(place, {name: "1"})).clean


def test_each_reserved_name_is_reported_separately(judge):
    names = {"PORT": "1", "AWSAPPRUNNER_A": "2", "LOG_LEVEL": "info", "AWSAPPRUNNER_B": "3"}

    assert len(judge(reserved_environment_names, at(PLACES[0], names)).messages) == 3


def test_the_value_of_a_variable_is_never_in_the_message(judge):
    (message,) = judge(reserved_environment_names, at(PLACES[0], {"AWSAPPRUNNER_KEY": "hunter2"})).messages

    assert "hunter2" not in message


def test_names_with_unknown_values_are_checked(judge, unknown):
    verdict = judge(reserved_environment_names, at(PLACES[0], {"PORT": unknown, "DB": unknown}))

    assert len(verdict.messages) == 1
    assert verdict.unknown is None


def test_unknown_variables_do_not_hide_the_names_of_secrets(judge, unknown):
    configuration = {"runtimeEnvironmentVariables": unknown, "runtimeEnvironmentSecrets": {"PORT": "/api/port"}}
    verdict = judge(reserved_environment_names, at(IMAGE, configuration))

    assert len(verdict.messages) == 1
    assert "runtimeEnvironmentVariables can't be known" in verdict.unknown


def test_a_service_without_an_environment_passes(judge):
    assert judge(reserved_environment_names, {}).clean
    assert judge(reserved_environment_names, at(IMAGE, {"port": "8080"})).clean
