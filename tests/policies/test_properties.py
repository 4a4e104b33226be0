import pytest
from pulumi_policy import PolicyProviderResource
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

from apprunner_policies import properties
from apprunner_policies.properties import UnknownValues

PROPS = {
    "name": "api",
    "empty": "",
    "none": None,
    "size": "3",
    "flag": "true",
    "off": False,
    "later": UNKNOWN_STRING_VALUE,
    "block": {"cpu": 1024.0, "later": UNKNOWN_STRING_VALUE},
    "list": [{"policy": "{}"}, UNKNOWN_STRING_VALUE, "last"],
}


@pytest.fixture
def resource():
    return PolicyProviderResource("aws:sqs/queue:Queue", unknown_checking_proxy(PROPS), "urn", "api")


@pytest.mark.parametrize(
    ("reader", "path", "expected"),
    [
        (properties.value, "block.cpu", 1024.0),
        (properties.value, "list[0].policy", "{}"),
        (properties.value, "list[2]", "last"),
        (properties.value, "list[9].policy", None),
        (properties.value, "name.cpu", None),
        (properties.value, "name[0]", None),
        (properties.text, "name", "api"),
        (properties.text, "block.cpu", None),
        (properties.number, "size", 3.0),
        (properties.number, "block.cpu", 1024.0),
        (properties.number, "name", None),
        (properties.mapping, "name", None),
        (properties.items, "name", ()),
        (properties.is_true, "flag", True),
        (properties.is_true, "off", False),
        (properties.is_false, "off", True),
        (properties.is_false, "none", False),
        (properties.is_set, "name", True),
        (properties.is_set, "empty", False),
        (properties.is_set, "none", False),
        (properties.is_set, "missing.cpu", False),
        (properties.is_set, "off", True),
        (properties.is_set, "later", True),
        (properties.known, "later", None),
        (properties.known_text, "name", "api"),
        (properties.known_text, "block.cpu", None),
    ],
)
def test_a_reader_returns_values_of_its_type_only(resource, reader, path, expected):
    assert reader(resource, path) == expected


@pytest.mark.parametrize(
    "reader",
    [
        properties.value,
        properties.text,
        properties.number,
        properties.mapping,
        properties.items,
        properties.is_true,
        properties.is_false,
    ],
)
@pytest.mark.parametrize("path", ["later", "later.cpu", "block.later", "list[1]", "list[1].policy"])
def test_a_reader_raises_the_sdks_error_for_an_unknown_value(resource, reader, path):
    with pytest.raises(UnknownValueError):
        reader(resource, path)


def test_a_block_or_list_with_unknown_parts_can_be_read(resource):
    assert properties.value(resource, "block")["cpu"] == 1024.0
    assert len(properties.items(resource, "list")) == 3
    assert [*properties.known_items(properties.items(resource, "list"))][1:] == ["last"]


@pytest.mark.parametrize(("item", "expected"), [(3, 3.0), ("0.5", 0.5), ("nan", None), ("inf", None), (None, None)])
def test_a_number_is_finite(item, expected):
    assert properties.as_number(item) == expected


def test_a_string_is_no_list_and_other_items_are_dropped():
    assert properties.as_items("text") == ()
    assert properties.as_texts(["a", 1, None, "b"]) == ["a", "b"]


def test_unknown_values_are_suppressed_and_the_first_is_raised_at_the_end(resource):
    unknowns = UnknownValues()
    for path in ("name", "later", "block.later"):
        with unknowns:
            properties.value(resource, path)

    assert unknowns
    with pytest.raises(UnknownValueError) as raised:
        unknowns.raise_first()
    assert raised.value.message == "string value at .later can't be known during preview"


def test_other_errors_are_not_suppressed_and_nothing_is_raised_without_an_unknown_value():
    unknowns = UnknownValues()
    with pytest.raises(ZeroDivisionError), unknowns:
        raise ZeroDivisionError

    assert not unknowns
    unknowns.raise_first()
