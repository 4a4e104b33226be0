"""The page of the Fleet: its tables list the arguments and outputs, and Fleet raises its error message."""

import dataclasses
import re
from typing import get_type_hints

import pytest
import yaml
from pydantic.alias_generators import to_camel

from pages import ROOT, blocks, programs
from pulumi_apprunner import ArgsError, FleetArgs, FleetServiceOutputs

PAGE = ROOT / "docs" / "guides" / "fleet.md"


def rows(heading: str) -> list[str]:
    """Return the first cells of the table below a header row."""
    table = PAGE.read_text().partition(f"| {heading} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)


def test_the_tables_list_every_argument_and_output() -> None:
    assert rows("key | content") == [to_camel(each.name) for each in dataclasses.fields(FleetArgs)]
    assert rows("output | content") == [*get_type_hints(FleetServiceOutputs)]


def test_fleet_raises_the_error_of_the_page() -> None:
    stack_file = blocks(PAGE, "yaml")[0]
    invalid = yaml.safe_load(
        stack_file.replace("egress: orders\n", "egress: order\n").replace("zone: public", "zone: publc")
    )
    with pytest.raises(ArgsError) as caught:
        programs(PAGE)[0]._replace(config=invalid["config"]).run()
    assert blocks(PAGE, "text") == [f"{caught.value}\n"]
