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
def test_port_is_a_violation_in_each_map_of_variables(check_rule, place):
    configuration = place.rpartition(".")[0]

    assert check_rule(reserved_environment_names, at(place, {"PORT": "8080"})).messages == (
        f"api: {place}.PORT is reserved. App Runner sets it itself. "
        f"Remove it, and set the application's port in {configuration}.port.",
    )


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ["AWSAPPRUNNER", "AWSAPPRUNNER_MODE", "AWSAPPRUNNERX"])
def test_a_name_that_begins_with_the_reserved_prefix_is_a_violation(check_rule, place, name):
    assert check_rule(reserved_environment_names, at(place, {name: "on"})).messages == (
        f"api: {place}.{name} is reserved. App Runner reserves names that begin with AWSAPPRUNNER. "
        "Rename it, here and in the application.",
    )


@pytest.mark.parametrize("name", ["DB_PORT", "PORTS", "port", "MY_AWSAPPRUNNER", "AWS_REGION", "AWSAPP"])
def test_a_name_that_only_resembles_a_reserved_one_passes(check_rule, name):
    for place in PLACES:
        assert check_rule(reserved_environment_names, at(place, {name: "1"})).clean


def test_each_reserved_name_is_reported_separately(check_rule):
    names = {"PORT": "1", "AWSAPPRUNNER_A": "2", "LOG_LEVEL": "info", "AWSAPPRUNNER_B": "3"}

    assert len(check_rule(reserved_environment_names, at(PLACES[0], names)).messages) == 3


def test_the_value_of_a_variable_is_never_in_the_message(check_rule):
    (message,) = check_rule(reserved_environment_names, at(PLACES[0], {"AWSAPPRUNNER_KEY": "hunter2"})).messages

    assert "hunter2" not in message


def test_names_with_unknown_values_are_checked(check_rule, unknown):
    result = check_rule(reserved_environment_names, at(PLACES[0], {"PORT": unknown, "DB": unknown}))

    assert len(result.messages) == 1
    assert result.unknown is None


def test_unknown_variables_do_not_hide_the_names_of_secrets(check_rule, unknown):
    configuration = {"runtimeEnvironmentVariables": unknown, "runtimeEnvironmentSecrets": {"PORT": "/api/port"}}
    result = check_rule(reserved_environment_names, at(IMAGE, configuration))

    assert len(result.messages) == 1
    assert "runtimeEnvironmentVariables can't be known" in result.unknown


def test_a_service_without_an_environment_passes(check_rule):
    assert check_rule(reserved_environment_names, {}).clean
    assert check_rule(reserved_environment_names, at(IMAGE, {"port": "8080"})).clean
