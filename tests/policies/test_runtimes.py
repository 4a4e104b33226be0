from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_policies.themes.runtimes import supported_runtime


def code(runtime, **values):
    values = {"configurationSource": "API", "codeConfigurationValues": {"runtime": runtime}, **values}
    return {"sourceConfiguration": {"codeRepository": {"codeConfiguration": values}}}


def on(day, **config):
    return {"today": day, **config}


@pytest.mark.parametrize(
    ("runtime", "instead"),
    [
        ("NODEJS_18", 'Set it to "NODEJS_22".'),
        ("PYTHON_3", 'Set it to "PYTHON_311".'),
        ("GO_1", "App Runner has no other runtime of this language. Build a container image,"),
    ],
)
def test_a_runtime_after_its_end_of_support_is_reported_with_its_successor(check_rule, runtime, instead):
    (message,) = check_rule(supported_runtime, code(runtime), config=on("2026-11-24")).messages

    assert message.startswith(
        "api: sourceConfiguration.codeRepository.codeConfiguration.codeConfigurationValues.runtime must be "
        f'a supported runtime, got "{runtime}", whose support ended on 2025-12-01. {instead}'
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-09-01", None),
        ("2025-09-02", "ends on 2025-12-01"),
        ("2025-11-30", "ends on 2025-12-01"),
        ("2025-12-01", "ended on 2025-12-01"),
    ],
)
def test_a_runtime_is_reported_some_days_before_its_end_of_support(check_rule, day, expected):
    messages = check_rule(supported_runtime, code("NODEJS_16"), config=on(day)).messages

    assert [expected in each for each in messages] == ([True] if expected else [])


def test_a_suggested_runtime_does_not_end_soon_itself(check_rule):
    (message,) = check_rule(supported_runtime, code("NODEJS_16"), config=on("2025-11-30")).messages

    assert message.endswith('ends on 2025-12-01. Set it to "NODEJS_22".')


def test_the_days_before_the_end_of_support_are_configurable(check_rule):
    assert check_rule(supported_runtime, code("GO_1"), config=on("2025-11-26", warnDays=5)).messages
    assert check_rule(supported_runtime, code("GO_1"), config=on("2025-11-25", warnDays=5)).clean
    assert check_rule(supported_runtime, code("GO_1"), config=on("2025-11-30", warnDays=0)).clean


@pytest.mark.parametrize("runtime", ["NODEJS_22", "PYTHON_311", "CORRETTO_11", None, 22, ["NODEJS_18"]])
def test_a_supported_runtime_and_an_invalid_value_pass(check_rule, runtime):
    assert check_rule(supported_runtime, code(runtime), config=on("2026-11-24")).clean


@pytest.mark.parametrize(("runtime", "meant"), [("nodejs22", "NODEJS_22"), ("python3.11", "PYTHON_311")])
def test_a_runtime_name_of_apprunner_yaml_is_reported_with_the_name_of_the_api(check_rule, runtime, meant):
    (message,) = check_rule(supported_runtime, code(runtime), config=on("2026-11-24")).messages

    assert f'must be a runtime of App Runner, got "{runtime}". Set it to "{meant}".' in message


def test_an_unknown_runtime_name_is_reported_with_the_supported_runtimes(check_rule):
    (message,) = check_rule(supported_runtime, code("CORRETTO_17"), config=on("2026-11-24")).messages

    assert '"CORRETTO_8", "CORRETTO_11"' in message
    assert "NODEJS_18" not in message


def test_a_runtime_that_apprunner_yaml_overrides_is_not_checked(check_rule, unknown):
    ended = code("NODEJS_18", configurationSource="REPOSITORY")

    assert check_rule(supported_runtime, ended, config=on("2026-11-24")).clean
    assert check_rule(supported_runtime, code("NODEJS_22", configurationSource=unknown), config=on("2026-11-24")).clean


def test_an_unknown_runtime_is_reported_as_unknown(check_rule, unknown):
    result = check_rule(supported_runtime, code(unknown), config=on("2026-11-24"))

    assert result.messages == ()
    assert "runtime can't be known" in result.unknown


def test_a_runtime_is_checked_in_a_program(report):
    def program(runtime):
        configuration = {"configuration_source": "API", "code_configuration_values": {"runtime": runtime}}
        repository: Any = {
            "repository_url": "https://github.com/example/orders",
            "source_code_version": {"type": "BRANCH", "value": "main"},
            "code_configuration": configuration,
        }
        aws.apprunner.Service("api", service_name="api", source_configuration={"code_repository": repository})

    config = {"supported-runtime": on("2026-11-24")}

    assert [each.level for each in report(lambda: program("PHP_80"), supported_runtime, config=config).violations] == [
        "advisory"
    ]
    assert not report(lambda: program("PYTHON_311"), supported_runtime, config=config).violations


@pytest.mark.parametrize("props", [{}, {"sourceConfiguration": None}, {"sourceConfiguration": ["NODEJS_18"]}])
def test_a_source_of_the_wrong_type_is_left_to_the_provider(check_rule, props):
    assert check_rule(supported_runtime, props).clean
