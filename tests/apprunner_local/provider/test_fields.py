"""The properties of each type, as pulumi_aws's classes declare them."""

import subprocess
import sys

from apprunner_facts.changes import CHANGES
from apprunner_local.provider.emulated import RESOURCES
from apprunner_local.provider.fields import schema


def test_reading_the_properties_of_a_type_does_not_break_its_package() -> None:
    program = (
        "from apprunner_local.provider.fields import schema; schema('aws:route53/record:Record');"
        "import pulumi_aws; pulumi_aws.route53.Record"
    )
    alone_in_a_process(program)


def test_a_type_is_read_by_several_threads_at_once() -> None:
    alone_in_a_process(
        "from concurrent.futures import ThreadPoolExecutor; from apprunner_local.provider.fields import schema;"
        "list(ThreadPoolExecutor(8).map(schema, ['aws:route53/record:Record', 'aws:route53/zone:Zone'] * 8))"
    )


def alone_in_a_process(program: str) -> None:
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_every_property_of_every_type_has_a_row_in_the_table_of_changes() -> None:
    for token in RESOURCES:
        assert set(schema(token).inputs.fields) <= {path.split(".")[0] for path in CHANGES[token]}, token
