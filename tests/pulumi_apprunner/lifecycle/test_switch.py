"""The components that APPRUNNER_VERIFY selects in a run."""

import pulumi
import pytest

from pulumi_apprunner.lifecycle import switch


@pytest.mark.parametrize(
    ("value", "selected"),
    [
        ("", ["billing", "orders"]),
        ("required", ["billing", "orders"]),
        ("Required", ["billing", "orders"]),
        ("off", []),
        (" OFF ", []),
        ("billing", ["billing"]),
        ("billing, orders", ["billing", "orders"]),
    ],
)
def test_a_value_selects_components(monkeypatch: pytest.MonkeyPatch, value: str, selected: list[str]) -> None:
    monkeypatch.setenv(switch.VARIABLE, value)
    switch.check({"billing", "orders"})
    assert [name for name in ("billing", "orders") if switch.selects(name)] == selected
    assert switch.is_required() is (value.lower() == "required")


@pytest.mark.parametrize("value", ["order", "true", "1", "required,order"])
def test_an_unknown_component_is_an_error(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(switch.VARIABLE, value)
    with pytest.raises(pulumi.RunError) as caught:
        switch.check({"billing", "orders"})
    assert str(caught.value).startswith(
        "APPRUNNER_VERIFY: must be off, required, or names of AppRunnerService, CustomDomain and TrafficSplit "
        "components, got "
    )
    assert value.split(",")[-1] in str(caught.value)
    assert str(caught.value).endswith("Components of this program: billing, orders")
