"""The effect of a change of each component's arguments, as docs/changes.md lists them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """The effect of a change of some arguments."""

    arguments: str
    """Separated by spaces. A nested argument is listed with its path if it has another effect."""
    effect: str
    unavailable: str = "-"


IN_PLACE = "updated in place"
DEPLOYS = "*deployed*"
REPLACES = "**service replaced, the old one deleted first**; `protect` prevents it"
SERVICE_UNAVAILABLE = "the service, for minutes; the new one has another ARN and another App Runner address"

COMPONENTS: Mapping[str, Sequence[Row]] = {
    "AppRunnerService": [
        Row("image code", f"from one to the other: {REPLACES}", SERVICE_UNAVAILABLE),
        Row("image.identifier code.branch", f"{DEPLOYS}, like all other fields of `image` and `code`"),
        Row(
            "image.managed_by",
            f"to `ci`: the service keeps its image. To `pulumi`: `image.identifier` is {DEPLOYS}, if the service has "
            "another image",
        ),
        Row("service_name kms_key_arn", REPLACES, SERVICE_UNAVAILABLE),
        Row("port environment start_command size redeploy_trigger", DEPLOYS),
        Row("health_check", f"{DEPLOYS}; removed: TCP every 5 seconds again"),
        Row(
            "secrets",
            f"one added or removed: the instance role's policy in place, then {DEPLOYS}. Pulumi does not detect a "
            "secret's new value: change `redeploy_trigger`",
        ),
        Row(
            "instance_role access_role_arn",
            f"another ARN: {DEPLOYS}, then the component's role is deleted. Permissions: in place, without deployment",
        ),
        Row(
            "instance_role.policy_arns",
            "another ARN under the same key: the old policy is detached before the new one is attached; under another "
            "key the new one is attached first. **The same ARN under another key ends detached**: remove it, `up`, "
            "add it again",
            "for a moment, the permissions of both policies",
        ),
        Row(
            "scaling",
            "a new revision of its profile is created, the service is updated in place, the old revision is deleted",
        ),
        Row(
            "auto_scaling_configuration_arn",
            f"service {IN_PLACE}; then the component's profile is deleted",
        ),
        Row(
            "tracing observability_configuration_arn",
            f"{DEPLOYS}; the component's configuration is created before, or deleted after. `tracing` removed after "
            "`true`: tracing stays on, and AWS does not delete the configuration. Set it to `false` instead",
        ),
        Row(
            "vpc_connector_arn",
            f"{DEPLOYS}, with a new connector 2 to 5 minutes longer",
        ),
        Row(
            "is_publicly_accessible",
            f"service {IN_PLACE}",
            "with false: the service from the internet. Only VPC endpoints with an ingress connection reach it",
        ),
        Row(
            "web_acl_arn",
            "set or removed: association created or deleted. Another web ACL: replaced, the old association deleted "
            "first",
            "nothing, but the service is unprotected for seconds",
        ),
        Row("ip_address_type auto_deployments_enabled tags permissions_boundary", IN_PLACE),
        Row("lifecycle", "nothing in AWS: applies from this update on (docs/lifecycle.md)"),
        Row(
            "protect", "nothing in AWS: Pulumi records it. To replace or delete a protected service, change this first"
        ),
    ],
    "VpcEgress": [
        Row(
            "subnet_ids security_group_ids vpc_id",
            "**group, its rules and connector replaced, created before deleted**, with another hash in the names; the "
            "services are updated in place, then the old ones are deleted. `security_group_id` has a new value",
        ),
        Row(
            "destinations",
            "their rules. Port and protocol: in place. Another `security_group_id` replaces the ingress rule in that "
            "group, created before deleted. A change among `cidr` (or IPv4 to IPv6), `prefix_list_id` and "
            "`security_group_id` replaces the egress rule, created before deleted. Renaming only a key fails, because "
            "AWS rejects a second equal rule: remove the destination, `up`, add it under the new key",
            "traffic that no rule allows any more",
        ),
        Row(
            "restrict_egress",
            "true: the rules to all addresses are deleted, a rule for each destination is created; false: the reverse",
            "with true: traffic to anything that is not a destination",
        ),
        Row("tags", IN_PLACE),
    ],
    "WebFirewall": [
        Row(
            "mode groups excluded_paths rate_limit countries sampled_requests",
            f"web ACL {IN_PLACE}; the services stay protected, AWS applies the change within seconds to minutes",
        ),
        Row("private", f"web ACL {IN_PLACE}"),
        Row(
            "required_header",
            f"web ACL {IN_PLACE}. For another value without interruption: `value` and `previous_value` with both, then "
            "the sender, then `previous_value` removed",
            "without the steps: requests with the old value",
        ),
        Row("log.enabled", "log group, logging and query created; disabled: deleted with all records"),
        Row(
            "log",
            "retention, key and redaction updated in place; existing records stay as they are",
        ),
        Row("tags", IN_PLACE),
    ],
    "TrafficSplit": [
        Row("weight", "one key updated in place; refused if a service that gets more requests is not ready for them"),
        Row(
            "stable candidate",
            f"distribution and function {IN_PLACE}, in minutes, then the weight. Another `candidate` has no requests "
            "until then: the weight is refused if it is not ready for them",
        ),
        Row("sticky", f"distribution and function {IN_PLACE}; the other function created or deleted"),
        Row("domain_name", f"distribution {IN_PLACE}, records replaced", "the old host"),
        Row("zone", "records created, replaced or deleted", "removed: the host, until your DNS has its record"),
        Row(
            "origin_secret",
            f"distribution {IN_PLACE}, in minutes. Before, add the new value to `required_header` of the firewall",
            "without that: all requests",
        ),
        Row("certificate_arn web_acl_arn tags", f"distribution {IN_PLACE}, in minutes"),
        Row("lifecycle", "nothing in AWS: applies from this update on (docs/lifecycle.md)"),
    ],
    "PrivateEndpoint": [
        Row(
            "vpc_id",
            "**group, its rules and endpoint replaced, created before deleted**. `vpc_endpoint_id` and "
            "`security_group_id` have new values, and each PrivateIngress that uses the endpoint is replaced",
            "every service of the endpoint, until its new connection is available",
        ),
        Row("subnet_ids", f"endpoint {IN_PLACE}", "clients that use the address in a removed subnet"),
        Row(
            "clients",
            "their rules. A change among `cidr`, `prefix_list_id` and `security_group_id` replaces the rule, created "
            "before deleted; another value of the same kind: in place. Renaming only a key fails, because AWS rejects "
            "a second equal rule: remove the client, `up`, add it under the new key",
            "for removed clients, every service of the endpoint",
        ),
        Row("tags", IN_PLACE),
    ],
    "PrivateIngress": [
        Row(
            "service_arn vpc_id vpc_endpoint_id",
            "**connection replaced, the old one deleted first**; `domain_name` has a new value. The same if its "
            "service is replaced",
            "the service, until the new connection is available",
        ),
        Row("tags", IN_PLACE),
    ],
    "CustomDomain": [
        Row(
            "domain_name",
            "**association replaced, the old one deleted first**, and every record with it",
            "the old domain; the new one until its certificate is issued: minutes, in rare cases a day or two",
        ),
        Row(
            "enable_www_subdomain",
            "**association replaced, the old one deleted first**; www's records created or deleted, the others kept",
            "the domain, for some minutes",
        ),
        Row(
            "service_arn",
            "another service, or the same one replaced: **association replaced, the old one deleted first**; the "
            "traffic records are updated in place",
            "the domain, for some minutes",
        ),
        Row(
            "zone",
            "another `id`: records replaced, created before deleted. Added or removed: records created or deleted",
            "removed: the domain, unless the other DNS already has its records (output `records`)",
        ),
        Row(
            "ttl",
            "records updated in place. Route 53 rejects it for one of several weighted records "
            "(docs/guides/regions.md)",
        ),
        Row(
            "routing",
            "added, or another `set_identifier`, `weight` or `health_check_id`: traffic records updated in place, in "
            "one step. Another policy, or removed: Route 53 rejects it while another record of the name has the old "
            "policy (docs/guides/regions.md)",
        ),
        Row("lifecycle wait_until_active_minutes", "nothing in AWS: applies from this update on (docs/lifecycle.md)"),
    ],
    "SecretsBinding": [
        Row(
            "secrets",
            "creates no resource: services with `bound` get variables and a policy, as with `secrets`",
        ),
    ],
    "RedeployOnRotation": [
        Row(
            "secrets",
            "the rules updated in place; a rule more or less, one for each five secrets or parameters, is created or "
            "deleted",
        ),
        Row("settle_seconds", "the state machine updated in place; executions in progress keep the old time"),
        Row("topic_arn permissions_boundary tags", IN_PLACE),
        Row("service_arn", "another service, or the same one replaced: all resources updated in place"),
    ],
    "RedeployOnPush": [
        Row(
            "image",
            "another tag or repository: the rules updated in place; another region: the forwarding rule and its target "
            "replaced",
        ),
        Row("cross_account", "the forwarding rule, its target and its role are created or deleted"),
        Row("settle_seconds", "the state machine updated in place; executions in progress keep the old time"),
        Row("topic_arn permissions_boundary tags", IN_PLACE),
        Row("service_arn", "another service, or the same one replaced: all resources updated in place"),
    ],
    "PauseSchedule": [
        Row(
            "running cron deploy_minutes_after_resume",
            "schedules updated in place; one event more or less creates or deletes a schedule. The service keeps its "
            "state until the next event",
        ),
        Row("timezone retry_minutes service_arn tags permissions_boundary dead_letter_queue_kms_key_arn", IN_PLACE),
        Row("enabled", "schedules updated in place; disabled while the service is paused, it stays paused"),
        Row(
            "dead_letter_queue_arn",
            "schedules updated in place; then the component's queue is deleted",
            "the messages in a deleted queue",
        ),
    ],
    "ScalingProfile": [
        Row(
            "min_size max_size max_concurrency",
            "creates the next revision, moves the services to it, then deletes the old one; with `account_default` the "
            "old one stays in AWS",
        ),
        Row(
            "account_default",
            "true: the profile becomes the default; existing services keep theirs. false: the default stays in AWS",
        ),
        Row("tags", IN_PLACE),
    ],
    "ImageRepository": [
        Row(
            "repository_name kms_key_arn",
            "**repository replaced, the old one deleted first, without its images**. AWS rejects the deletion while it "
            "contains images, unless `force_delete` is true",
            "deployments of its images",
        ),
        Row("moving_tags scan_on_push force_delete tags", IN_PLACE),
        Row(
            "keep_last keep_tagged untagged_days",
            "policy replaced, the old one deleted first. ECR expires images within 24 hours after that, and nobody "
            "can restore them",
        ),
        Row(
            "pull_accounts pull_organization_id",
            "policy updated in place; all removed: deleted",
            "deployments in accounts that were removed",
        ),
    ],
    "GitHubDelivery": [
        Row(
            "github_repository owner_id repository_id deploy",
            "trust policy updated in place: from then on other jobs may assume the role",
            "jobs that may no longer assume the role",
        ),
        Row("repository_arn service_arn read_log", "policy updated in place"),
        Row("stack", "its role is created or deleted; its jobs and permissions in place"),
        Row("provider_arn", "trust policy updated in place", "jobs, if the new provider does not exist"),
        Row(
            "provider",
            "set: the provider is created or imported. Removed: it stays in AWS. Another enterprise: a new provider is "
            "created, and the old one stays",
        ),
        Row("permissions_boundary tags", IN_PLACE),
    ],
    "NotificationTopic": [
        Row("kms_key_arn tags", IN_PLACE),
        Row(
            "subscriptions",
            "one added: created; an email address or URL must be confirmed. Another `protocol` or `endpoint`: "
            "replaced, created before deleted. AWS deletes an unconfirmed one after some days",
        ),
    ],
    "ServiceMonitoring": [
        Row(
            "alarms profile",
            "alarms updated in place, with their history; enabled or disabled ones are created or deleted",
        ),
        Row("events dashboard", "created or deleted"),
        Row("queries", "queries updated in place; disabled: deleted"),
        Row(
            "pause",
            "schedules created, updated in place or deleted. Removed during a pause: the next update after a refresh "
            "enables the alarms' notifications",
        ),
        Row("max_size notify_on_recovery runbook_url topic_arn permissions_boundary tags", IN_PLACE),
        Row("service_arn", "another service, or the same one replaced: all resources updated in place"),
    ],
    "LogRetention": [
        Row("days", "schedules updated in place; the log groups change within a day"),
        Row("permissions_boundary tags", IN_PLACE),
        Row("service_arn", "another service, or the same one replaced: schedules and policy updated in place"),
    ],
    "Fleet": [
        Row("environment tags", f"tags {IN_PLACE}. From or to `prod`, `environment` changes the default of `protect`"),
        Row(
            "protect", "nothing in AWS: Pulumi records it. To replace or delete a protected service, change this first"
        ),
        Row(
            "egress",
            "as for VpcEgress. A renamed key is another VpcEgress: it is created first, then the services use it, then "
            "the old one is deleted",
        ),
        Row(
            "endpoints",
            "as for PrivateEndpoint. A renamed key is another endpoint: it is created first, then the ingress "
            "connections of its services are replaced, then the old one is deleted",
            "renamed: the services of the endpoint, while their connections are replaced",
        ),
        Row(
            "preview",
            "`expires`: tags updated in place. `size`, `scaling` and `pause`: as for the services that have no own "
            "ones. `number` is fixed by the stack's name. Added or removed: domains are replaced",
        ),
        Row("zones", "as `zone` of CustomDomain"),
        Row(
            "topics",
            "as for NotificationTopic. A renamed key is another topic: it is created first, then the alarms use it, "
            "then the old one is deleted",
        ),
        Row(
            "firewalls",
            "as for WebFirewall. A renamed key is another firewall: it is created first, then the associations of its "
            "services are replaced, then the old one is deleted",
            "renamed: the services have no firewall for some seconds",
        ),
        Row(
            "scaling_profiles",
            "as for ScalingProfile. A renamed key is another profile: it is created first, then the services use it, "
            "then the old one is deleted",
        ),
        Row("repositories", "as for ImageRepository. A renamed key is another repository, which is empty"),
        Row("delivery", "as for GitHubDelivery. A renamed key is the delivery of another service"),
        Row(
            "services",
            "as for AppRunnerService, SecretsBinding, PrivateIngress, CustomDomain, PauseSchedule, LogRetention, "
            "RedeployOnRotation and ServiceMonitoring. A renamed key is another service with its own ARN and address: "
            "it is created first, then the old one is deleted; `protect` prevents it",
            "renamed: its domains, until they are on the new service",
        ),
    ],
}
"""By component; a test compares the arguments with the classes."""
