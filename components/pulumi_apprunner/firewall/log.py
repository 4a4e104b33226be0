"""The log of the requests that a web ACL inspects."""

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from apprunner_facts.firewall import LOG_GROUP_PREFIX
from pulumi_apprunner.args.firewall import ALWAYS_REDACTED, WebFirewallArgs
from pulumi_apprunner.names import physical_name

_MATCHES = "matches"
_LIMIT = 100


def create_log(
    name: str, args: WebFirewallArgs, acl_name: str, acl_arn: Output[str], child: ResourceOptions
) -> Output[str] | None:
    """Create the log group, the web ACL's logging, and a saved query; return the group's name, None without a log."""
    log = args.log
    if not log.enabled:
        return None
    group = aws.cloudwatch.LogGroup(
        f"{name}-log-group",
        name=f"{LOG_GROUP_PREFIX}{acl_name}",
        retention_in_days=log.retention_days,
        kms_key_id=log.kms_key_arn,
        tags=args.tags,
        opts=ResourceOptions.merge(child, ResourceOptions(delete_before_replace=False)),
    )
    aws.wafv2.WebAclLoggingConfiguration(
        f"{name}-logging",
        resource_arn=acl_arn,
        log_destination_configs=[group.arn],
        redacted_fields=_redacted(args),
        # A web ACL has one configuration: the deletion of the old one would delete the new one too.
        opts=ResourceOptions.merge(child, ResourceOptions(delete_before_replace=True)),
    )
    aws.cloudwatch.QueryDefinition(
        f"{name}-query-{_MATCHES}",
        name=f"{physical_name(names.QUERY_FOLDER, name)}/{_MATCHES}",
        log_group_names=[group.name],
        query_string=MATCHES_QUERY,
        opts=child,
    )
    return group.name


def _redacted(args: WebFirewallArgs) -> "list[aws.wafv2.WebAclLoggingConfigurationRedactedFieldArgsDict]":
    log, required = args.log, args.required_header
    headers: set[str] = {*ALWAYS_REDACTED, *log.redacted_headers, *([required.name] if required else [])}
    fields: list[aws.wafv2.WebAclLoggingConfigurationRedactedFieldArgsDict] = [
        {"single_header": {"name": header}} for header in sorted(headers)
    ]
    return [*fields, {"query_string": {}}] if log.redact_query_string else fields


MATCHES_QUERY = "\n| ".join(
    [
        "fields httpRequest.httpMethod as method, httpRequest.uri as path, httpRequest.clientIp as address",
        r'parse @message /"terminatingRule":\{"ruleId":"(?<blocking>[^"]+)"/',
        r'parse @message /"nonTerminatingMatchingRules":\[\{"ruleId":"(?<counting>[^"]+)"/',
        "filter action != 'ALLOW' or ispresent(blocking) or ispresent(counting)",
        "fields coalesce(blocking, counting, terminatingRuleId) as rule",
        "stats count(*) as requests, count_distinct(address) as addresses by rule, action, method, path",
        "sort requests desc",
        f"limit {_LIMIT}",
    ]
)
"""The Logs Insights query for the requests that a rule matched, also one that only counts, by rule and path."""
