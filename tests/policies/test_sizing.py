from itertools import product

import pytest

from apprunner_policies.themes.sizing import instance_size_pairing

THE_ELEVEN_PAIRS = {
    ("0.25 vCPU", "0.5 GB"),
    ("0.25 vCPU", "1 GB"),
    ("0.5 vCPU", "1 GB"),
    ("1 vCPU", "2 GB"),
    ("1 vCPU", "3 GB"),
    ("1 vCPU", "4 GB"),
    ("2 vCPU", "4 GB"),
    ("2 vCPU", "6 GB"),
    ("4 vCPU", "8 GB"),
    ("4 vCPU", "10 GB"),
    ("4 vCPU", "12 GB"),
}
CPUS = {cpu for cpu, _ in THE_ELEVEN_PAIRS}
MEMORIES = {memory for _, memory in THE_ELEVEN_PAIRS}
EVERY_OTHER_PAIR = sorted(set(product(CPUS, MEMORIES)) - THE_ELEVEN_PAIRS)


def spellings(size):
    """Return a size as a string with a unit, as a string of CPU units or MB, and as a number."""
    number = int(float(size.split()[0]) * 1024)
    return [size, str(number), number]


def instance(**sizes):
    return {"instanceConfiguration": sizes}


@pytest.mark.parametrize("pair", sorted(THE_ELEVEN_PAIRS))
def test_each_of_the_eleven_pairs_passes_in_every_spelling(check_rule, pair):
    for cpu in spellings(pair[0]):
        for memory in spellings(pair[1]):
            assert check_rule(instance_size_pairing, instance(cpu=cpu, memory=memory)).clean


@pytest.mark.parametrize(("cpu", "memory"), EVERY_OTHER_PAIR)
def test_every_other_combination_of_sizes_is_one_violation_in_every_spelling(check_rule, cpu, memory):
    for written_cpu in spellings(cpu):
        for written_memory in spellings(memory):
            result = check_rule(instance_size_pairing, instance(cpu=written_cpu, memory=written_memory))
            assert len(result.messages) == 1
            assert "memory must be " in result.messages[0]


def test_the_message_has_the_resource_the_value_the_supported_memory_and_the_fix(check_rule):
    assert check_rule(instance_size_pairing, instance(cpu="2048", memory="3 GB")).messages == (
        'api: instanceConfiguration.memory must be 4 GB or 6 GB with cpu "2048" (2 vCPU), got "3 GB". '
        'Set instanceConfiguration.memory to "4 GB", or keep the memory and set instanceConfiguration.cpu to "1 vCPU".',
    )


def test_the_proposed_memory_is_the_next_larger_one_or_the_largest(check_rule):
    (too_little,) = check_rule(instance_size_pairing, instance(cpu="4 vCPU", memory="1 GB")).messages
    (too_much,) = check_rule(instance_size_pairing, instance(cpu="0.25 vCPU", memory="12 GB")).messages

    assert 'Set instanceConfiguration.memory to "8 GB"' in too_little
    assert 'Set instanceConfiguration.memory to "1 GB"' in too_much


@pytest.mark.parametrize(("cpu", "memory"), EVERY_OTHER_PAIR)
def test_each_proposed_change_results_in_a_pair_that_passes(check_rule, cpu, memory):
    (message,) = check_rule(instance_size_pairing, instance(cpu=cpu, memory=memory)).messages
    other_memory = message.split('instanceConfiguration.memory to "')[1].split('"')[0]
    other_cpus = message.split("instanceConfiguration.cpu to ")[1].split('"')[1::2]

    assert check_rule(instance_size_pairing, instance(cpu=cpu, memory=other_memory)).clean
    assert other_cpus
    for other_cpu in other_cpus:
        assert check_rule(instance_size_pairing, instance(cpu=other_cpu, memory=memory)).clean


@pytest.mark.parametrize(
    "props",
    [
        {},
        instance(),
        instance(instanceRoleArn="arn:aws:iam::123456789012:role/api"),
        instance(cpu=None, memory=None),
        {"instanceConfiguration": None},
        instance(cpu="1 vCPU"),
        instance(memory="4 GB"),
    ],
)
def test_the_defaults_are_1_vcpu_and_2_gb(check_rule, props):
    assert check_rule(instance_size_pairing, props).clean


def test_a_cpu_that_does_not_support_the_default_memory_is_reported(check_rule):
    (message,) = check_rule(instance_size_pairing, instance(cpu="4 vCPU")).messages

    assert "got 2 GB (the default, since it is not set)" in message


def test_a_memory_that_the_default_cpu_does_not_support_is_reported(check_rule):
    (message,) = check_rule(instance_size_pairing, instance(memory="512")).messages

    assert 'with cpu 1 vCPU (the default, since it is not set), got "512" (0.5 GB)' in message


@pytest.mark.parametrize("cpu", ["25600", "10.25 vCPU", "1", 1, "1 GB", "1024.5", "", "3 vCPU", True])
def test_an_invalid_cpu_is_reported_with_the_sizes_even_if_it_matches_the_providers_regex(check_rule, cpu):
    (message,) = check_rule(instance_size_pairing, instance(cpu=cpu, memory="2 GB")).messages

    assert message.startswith("api: instanceConfiguration.cpu ")
    assert message.endswith('Set it to "0.25 vCPU", "0.5 vCPU", "1 vCPU", "2 vCPU" or "4 vCPU".')


@pytest.mark.parametrize("memory", ["10240 GB", "20480", "2", 2, "2 vCPU", "5 GB", ""])
def test_an_invalid_memory_is_reported_with_the_sizes_even_if_it_matches_the_providers_regex(check_rule, memory):
    (message,) = check_rule(instance_size_pairing, instance(cpu="1 vCPU", memory=memory)).messages

    assert message.startswith("api: instanceConfiguration.memory ")
    assert "2 GB, 3 GB or 4 GB with 1 vCPU" in message


CLEAR = [
    ("1vCPU", "2GB", "1024", "2048"),
    (" 1 vcpu", "2 gb ", "1024", "2048"),
    ("1.0 vCPU", "2.0 GB", "1024", "2048"),
    ("0.50 cpu", "1024 MB", "512", "1024"),
    ("4 CPUs", "8GiB", "4096", "8192"),
]


@pytest.mark.parametrize(("cpu", "memory", "units", "megabytes"), CLEAR)
def test_a_clear_size_in_an_unsupported_form_is_reported_with_the_supported_form(
    check_rule, cpu, memory, units, megabytes
):
    about_cpu, about_memory = check_rule(instance_size_pairing, instance(cpu=cpu, memory=memory)).messages

    assert about_cpu.endswith(f'Set it to "{int(units) / 1024:g} vCPU".')
    assert about_memory.endswith(f'Set it to "{int(megabytes) / 1024:g} GB".')


@pytest.mark.parametrize(("cpu", "memory", "units", "megabytes"), CLEAR)
def test_a_clear_size_is_fixed_to_the_supported_form(check_rule, remediate, cpu, memory, units, megabytes):
    remediated = remediate(instance_size_pairing, instance(cpu=cpu, memory=memory, instanceRoleArn="arn"))

    assert remediated == instance(cpu=units, memory=megabytes, instanceRoleArn="arn")
    assert check_rule(instance_size_pairing, remediated).clean


@pytest.mark.parametrize(
    "sizes",
    [
        {"cpu": "2 vCPU", "memory": "2 GB"},
        {"cpu": "1024", "memory": 2048},
        {"cpu": "25600", "memory": "1"},
        {"cpu": "1 GB", "memory": "2 vCPU"},
        {"cpu": None, "memory": True},
        {},
    ],
)
def test_supported_and_unclear_sizes_are_not_changed(remediate, unknown, sizes):
    assert remediate(instance_size_pairing, instance(**sizes)) is None
    assert remediate(instance_size_pairing, instance(cpu=unknown, memory=unknown)) is None
    assert remediate(instance_size_pairing, {"instanceConfiguration": unknown}) is None
    assert remediate(instance_size_pairing, {}) is None


def test_an_invalid_cpu_and_an_invalid_memory_are_both_reported(check_rule):
    result = check_rule(instance_size_pairing, instance(cpu="25600", memory="10240 GB"))

    assert [message.split()[1] for message in result.messages] == [
        "instanceConfiguration.cpu",
        "instanceConfiguration.memory",
    ]


def test_an_unknown_cpu_is_reported_as_unknown(check_rule, unknown):
    result = check_rule(instance_size_pairing, instance(cpu=unknown, memory="2 GB"))

    assert result.messages == ()
    assert "instanceConfiguration.cpu can't be known" in result.unknown


def test_an_unknown_cpu_does_not_hide_an_invalid_memory(check_rule, unknown):
    result = check_rule(instance_size_pairing, instance(cpu=unknown, memory="10240 GB"))

    assert len(result.messages) == 1
    assert "instanceConfiguration.cpu can't be known" in result.unknown


def test_an_unknown_instance_configuration_is_reported_as_unknown(check_rule, unknown):
    result = check_rule(instance_size_pairing, {"instanceConfiguration": unknown})

    assert result.messages == ()
    assert "instanceConfiguration can't be known" in result.unknown


def test_other_unknown_properties_of_the_service_are_ignored(check_rule, unknown):
    props = instance(cpu="1 vCPU", memory="3 GB", instanceRoleArn=unknown) | {
        "tags": unknown,
        "sourceConfiguration": unknown,
    }

    assert check_rule(instance_size_pairing, props).clean
