# pyright: standard
"""The inputs of web ACLs and log groups as members of AWS's calls."""

from apprunner_local.api_model import Members
from apprunner_local.waf.negations import with_one_statement


def web_acl_inputs(inputs: Members) -> Members:
    """Return the inputs of a web ACL in one form. pulumi-aws sends no empty tags."""
    return with_one_statement({key: value for key, value in inputs.items() if key != "tags" or value != {}})


def web_acl_members(members: Members) -> Members:
    """Correct the names of the members that pulumi-aws spells differently."""
    for each in (members, *(rule for rule in members.get("Rules", ()) if isinstance(rule, dict))):
        if isinstance(block := each.get("VisibilityConfig"), dict):
            each["VisibilityConfig"] = {
                "CloudWatchMetricsEnabled" if key == "CloudwatchMetricsEnabled" else key: value
                for key, value in block.items()
            }
    return members


def log_group_members(inputs: Members) -> Members:
    """Return the members of CreateLogGroup. Another call sets the retention."""
    names = {"name": "logGroupName"}
    return {names.get(key, key): value for key, value in inputs.items() if key != "retentionInDays"}
