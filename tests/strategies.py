"""Arguments of the components: mostly valid, then with up to three invalid values."""

import datetime
import decimal
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic.alias_generators import to_camel

import samples

Args = dict[str, Any]


@dataclass(frozen=True)
class Late:
    """A placeholder for an output, which can be created only while a program runs."""

    value: Any
    known: bool = True
    secret: bool = False


def in_program(value: Any) -> Any:
    """Return arguments in which an output replaces each `Late`."""
    match value:
        case Late():
            late = pulumi.Output.from_input("").apply(lambda _: in_program(value.value))
            if not value.known:
                late = pulumi.Output.from_input(pulumi.output.UNKNOWN)
            return pulumi.Output.secret(late) if value.secret else late
        case dict():
            return {key: in_program(item) for key, item in value.items()}
        case list():
            return [in_program(item) for item in value]
        case _:
            return value


def _some(**fields: SearchStrategy[Any]) -> SearchStrategy[Args]:
    """Return mappings with some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


def _one(*values: Any) -> SearchStrategy[Any]:
    return st.sampled_from(values)


_names = st.one_of(
    _one("orders", "orders-db", "customers_db"), st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,70}", fullmatch=True)
)
_variables = st.from_regex(r"[A-Z][A-Z_]{0,8}", fullmatch=True)
_tags = st.one_of(
    _one({}, {"team": "orders"}, {"cost centre": "a/b@c", "größe": "10 µm"}),
    st.dictionaries(st.text(max_size=10), st.text(max_size=10), max_size=2),
)
_documents = _one(
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}',
    '{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}',
    '{"Statement": ["Allow"]}',
    '{"Statement": []}',
    '"Statement"',
    "[" * 2_000,
)

_images = st.fixed_dictionaries(
    {
        "identifier": _one(
            samples.IMAGE, samples.IMAGE, samples.PUBLIC_IMAGE, "docker.io/nginx", f"{samples.IMAGE}@{samples.DIGEST}"
        ),
    },
    optional={"repository_type": _one("ECR", "ECR_PUBLIC"), "cross_account": _one(False, False, True)},
)
_code = st.fixed_dictionaries(
    {
        "connection_arn": st.just(samples.CONNECTION_ARN),
        "repository_url": st.just("https://github.com/example/orders"),
        "configuration_source": _one("API", "REPOSITORY"),
    },
    optional={
        "runtime": _one("PYTHON_311", "NODEJS_22", "COBOL_85"),
        "build_command": _one("make", "make\nmake"),
        "source_directory": _one("/", "/api", "api"),
    },
)
_bound = st.fixed_dictionaries(
    {"value_from": st.dictionaries(_variables, _one(samples.SECRET_ARN, samples.PARAMETER_ARN, "name"), max_size=3)},
    optional={"policy_document": _documents},
)
_source = st.one_of(
    st.fixed_dictionaries(
        {"secret_arn": st.just(samples.SECRET_ARN)},
        optional={
            "json_key": _one("user", "a b", "password"),
            "version_stage": _one("AWSPREVIOUS"),
            "version_id": _one("1"),
        },
    ),
    st.just({"parameter_arn": samples.PARAMETER_ARN}),
    st.fixed_dictionaries(
        {"parameter_name": _one("/orders/flags", "flags", "a//b")}, optional={"kms_key_arn": _one(samples.KMS_KEY_ARN)}
    ),
)
_numbers = st.integers(min_value=-1, max_value=30)
_times = _one("00:00", "06:30", "08:00", "12:00", "12:01", "20:00", "23:59", "24:00", "8:00", "12:60")
_windows = st.fixed_dictionaries(
    {"days": _one("Mon-Fri", "Sat,Sun", "daily", "Fri-Mon", "Mon-Wed,Fri", "Someday"), "start": _times, "end": _times}
)
_crons = st.builds(
    "cron({} {} {})".format,
    st.integers(0, 59),
    st.integers(0, 23),
    _one("* * ? *", "* * ? *", "? * MON-FRI *", "? * MON-FRI *", "1 * ? *", "* * * *", "L * ? 2030", "30 2 ? *"),
)

_service: SearchStrategy[Args] = st.builds(
    lambda source, rest: source | rest,
    st.one_of(st.builds(lambda image: {"image": image}, _images), st.builds(lambda code: {"code": code}, _code)),
    _some(
        port=_one(1, 8080, 65535),
        environment=st.dictionaries(_variables, st.text(max_size=5), max_size=3),
        start_command=_one("serve", "serve --port=8080"),
        size=_some(cpu=_one("1 vCPU", "1024", 1, 0.25, "2 vCPU", 4096), memory=_one("2 GB", "2048", 4, "12 GB")),
        scaling=_some(min_size=_numbers, max_size=_numbers, max_concurrency=_one(1, 100, 200)),
        auto_scaling_configuration_arn=_one(samples.SCALING_ARN, samples.LATEST_SCALING_ARN),
        health_check=_some(protocol=_one("HTTP", "TCP"), path=_one("/", "/healthz", "healthz"), interval=_numbers),
        auto_deployments_enabled=st.booleans(),
        is_publicly_accessible=st.booleans(),
        ip_address_type=_one("IPV4", "DUAL_STACK"),
        vpc_connector_arn=_one(samples.CONNECTOR_ARN),
        kms_key_arn=_one(samples.KMS_KEY_ARN, samples.KMS_KEY_ARN.replace("key/", "alias/")),
        tracing=st.none() | st.booleans(),
        observability_configuration_arn=_one(samples.OBSERVABILITY_ARN),
        instance_role=_some(
            arn=_one(samples.ROLE_ARN),
            policy_arns=st.dictionaries(_names, _one(samples.POLICY_ARN), max_size=2),
            policy_documents=st.lists(_documents, max_size=2),
        ),
        access_role_arn=_one(samples.OTHER_ROLE_ARN),
        permissions_boundary=_one(samples.BOUNDARY_ARN),
        service_name=_names,
        redeploy_trigger=_one("1", "2026-11-23", ""),
        protect=st.booleans(),
        secrets=st.lists(_bound, max_size=2),
        tags=_tags,
    ),
)
_egress: SearchStrategy[Args] = st.builds(
    lambda required, rest: required | rest,
    st.fixed_dictionaries(
        {
            "vpc_id": _one(samples.VPC_ID),
            "subnet_ids": st.one_of(
                st.just(samples.SUBNET_IDS), st.lists(_one(*samples.SUBNET_IDS, "subnet-1"), min_size=1, max_size=3)
            ),
        }
    ),
    _some(
        security_group_ids=st.lists(_one(samples.GROUP_ID, "sg-1"), max_size=2),
        restrict_egress=st.booleans(),
        destinations=st.dictionaries(
            _names,
            st.builds(
                lambda place, port, ingress: place | port | ingress,
                _one(
                    {"security_group_id": samples.GROUP_ID},
                    {"security_group_id": samples.GROUP_ID},
                    {"security_group_id": "sg-1"},
                    {"cidr": "0.0.0.0/0"},
                    {"cidr": "2001:db8::/32"},
                    {"cidr": "10.0.0.1/8"},
                    {"prefix_list_id": "pl-12345678"},
                    {"security_group_id": samples.GROUP_ID, "cidr": "10.0.0.0/8"},
                ),
                _one(
                    {},
                    {"port": 443},
                    {"port": 5432},
                    {"port": 0},
                    {"port": 123, "protocol": "udp"},
                    {"port": 5433, "protocol": "icmp"},
                    {"protocol": "udp"},
                ),
                _one({}, {}, {"open_ingress": False}),
            ),
            max_size=3,
        ),
        tags=_tags,
    ),
)
_endpoint = st.fixed_dictionaries(
    {
        "vpc_id": _one(samples.VPC_ID, "sg-1"),
        "subnet_ids": st.lists(_one(*samples.SUBNET_IDS, "subnet-1"), max_size=3),
        "clients": st.dictionaries(
            _names,
            _one(
                {"security_group_id": samples.GROUP_ID},
                {"security_group_id": "sg-1"},
                {"cidr": "10.0.0.0/8"},
                {"cidr": "2001:db8::/32"},
                {"prefix_list_id": "pl-12345678"},
                {"prefix_list_id": "pl-12345678", "cidr": "10.0.0.0/8"},
            ),
            max_size=3,
        ),
    },
    optional={"tags": _tags},
)
_ingress = st.fixed_dictionaries(
    {
        "service_arn": _one(samples.SERVICE_ARN, samples.TOPIC_ARN),
        "vpc_id": _one(samples.VPC_ID),
        "vpc_endpoint_id": _one("vpce-0a1b2c3d4e5f60718", samples.VPC_ID),
    },
    optional={"tags": _tags},
)
_domains = _one("shop.example.com", "example.com", "*.example.com", "EXAMPLE.com", "a..b", "shop.example.com.", "x")
_routing: SearchStrategy[Args] = st.builds(
    lambda required, rest: required | rest,
    st.fixed_dictionaries({"set_identifier": _one("eu", "us-east-1", "", "a" * 129)}),
    _some(
        weight=_one(0, 1, 255, 256),
        latency=st.booleans(),
        failover=_one("primary", "secondary", "third"),
        health_check_id=_one("abcdef11-2222-3333-4444-555555fedcba", ""),
    ),
)
_domain: SearchStrategy[Args] = st.builds(
    lambda required, rest: required | rest,
    st.fixed_dictionaries({"domain_name": _domains, "service_arn": _one(samples.SERVICE_ARN)}),
    _some(
        enable_www_subdomain=st.booleans(),
        ttl=_one(0, 60, 300, -1),
        routing=_routing,
        wait_until_active_minutes=_one(1, 60, 0, 61),
        zone=st.fixed_dictionaries({"id": _one(samples.ZONE_ID), "name": _one("example.com", "example.org", "com")}),
    ),
)
_secrets: SearchStrategy[Args] = st.fixed_dictionaries(
    {"secrets": st.dictionaries(_variables, _source, min_size=1, max_size=3)},
)
_pause: SearchStrategy[Args] = st.builds(
    lambda required, hours, rest: required | hours | rest,
    st.fixed_dictionaries(
        {
            "service_arn": _one(samples.SERVICE_ARN),
            "timezone": _one("Europe/Berlin", "UTC", "America/New_York", "Asia/Kolkata", "Nowhere/Land"),
        }
    ),
    st.one_of(
        st.builds(lambda windows: {"running": windows}, st.lists(_windows, min_size=1, max_size=2)),
        st.builds(
            lambda pair: {"cron": pair},
            st.fixed_dictionaries({"pause": _crons, "resume": _crons}, optional={"deploy": _crons}),
        ),
    ),
    _some(
        enabled=st.booleans(),
        deploy_minutes_after_resume=_one(1, 10, 30, 720, 721),
        retry_minutes=_one(1, 5, 15, 30, 1440, 0),
        dead_letter_queue_arn=_one(samples.QUEUE_ARN),
        permissions_boundary=_one(samples.BOUNDARY_ARN),
        tags=_tags,
    ),
)

_texts = st.one_of(st.text(st.characters(), max_size=20), _one("\ud800", "\x00", "a\nb", "\u202e", "x" * 3_000, ""))
_plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    _one(10**400, -(2**63) - 1, 0),
    st.floats(),
    _texts,
)
_json = st.recursive(
    _plain,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_texts, inner, max_size=3)),
    max_leaves=5,
)
_odd = _one(
    b"bytes",
    (1, "two"),
    {"set"},
    object(),
    int,
    len,
    decimal.Decimal("1.5"),
    datetime.date(2026, 11, 23),
    datetime.timedelta(minutes=1),
    complex(1, 1),
    range(3),
)
junk: SearchStrategy[Any] = st.one_of(_json, _odd, st.builds(Late, _json, st.booleans(), st.booleans()))
"""Arbitrary values, and outputs that resolve to them."""


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of a value and of everything nested in it."""
    paths = [path]
    if isinstance(value, Mapping):
        for key, item in value.items():
            paths += _paths(item, (*path, key))
    if isinstance(value, list):
        for index, item in enumerate(value):
            paths += _paths(item, (*path, index))
    return paths


def _replace(value: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(value)
    first, *rest = path
    if isinstance(value, Mapping):
        return {key: _replace(item, tuple(rest), change) if key == first else item for key, item in value.items()}
    return [_replace(item, tuple(rest), change) if index == first else item for index, item in enumerate(value)]


def _camel(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            to_camel(key) if isinstance(key, str) and key.islower() else key: _camel(item)
            for key, item in value.items()
        }
    return [_camel(item) for item in value] if isinstance(value, list) else value


_counts = _one(0, 1, 2, 3, 15, 181, 1.5)
_alarm = _some(
    enabled=st.booleans(),
    threshold=_one(0, 0.5, 10, 101, -1),
    period=_one(60, 90, 300, 3600),
    evaluation_periods=_counts,
    datapoints_to_alarm=_counts,
    missing_data=_one("breaching", "notBreaching", "none"),
)
_monitoring = st.fixed_dictionaries(
    {"service_arn": _one(samples.SERVICE_ARN), "topic_arn": _one(samples.TOPIC_ARN, samples.QUEUE_ARN)},
    optional={
        "profile": _one("production", "staging", "dev"),
        "max_size": _one(1, 2, 10, 0),
        "alarms": _some(latency=_alarm, no_requests=_alarm, server_error_rate=_alarm),
        "notify_on_recovery": st.booleans(),
        "runbook_url": _one("https://example.com/orders", "orders"),
        "tags": _tags,
    },
)
_retention = st.fixed_dictionaries(
    {"service_arn": _one(samples.SERVICE_ARN), "days": _one(1, 30, 3653, 0, 31)},
    optional={"permissions_boundary": _one(samples.BOUNDARY_ARN, samples.ROLE_ARN), "tags": _tags},
)
_rotation = st.fixed_dictionaries(
    {
        "service_arn": _one(samples.SERVICE_ARN),
        "topic_arn": _one(samples.TOPIC_ARN, samples.QUEUE_ARN),
        "secrets": st.dictionaries(_variables, _source, min_size=1, max_size=3),
    },
    optional={
        "settle_seconds": _one(1, 60, 0, 3_601),
        "permissions_boundary": _one(samples.BOUNDARY_ARN),
        "tags": _tags,
    },
)
_push = st.fixed_dictionaries(
    {
        "service_arn": _one(samples.SERVICE_ARN),
        "topic_arn": _one(samples.TOPIC_ARN, samples.QUEUE_ARN),
        "image": _one(
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/orders:live",
            "210987654321.dkr.ecr.eu-west-1.amazonaws.com/orders:live",
            samples.IMAGE,
            samples.PUBLIC_IMAGE,
        ),
    },
    optional={
        "cross_account": st.booleans(),
        "settle_seconds": _one(1, 60, 0, 3_601),
        "permissions_boundary": _one(samples.BOUNDARY_ARN),
        "tags": _tags,
    },
)
_topic = _some(
    kms_key_arn=_one(samples.KMS_KEY_ARN, "alias/aws/sns"),
    subscriptions=st.dictionaries(
        _names,
        st.fixed_dictionaries(
            {"protocol": _one("email", "https", "sqs", "sms"), "endpoint": _one("a@example.com", samples.QUEUE_ARN)}
        ),
        max_size=2,
    ),
    tags=_tags,
)

_tag_patterns = _one("latest", "v*", "release-*-*", "a*b*c*", "a b", "", "x" * 129)
_repository = _some(
    repository_name=_one("orders", "storefront/orders", "Orders", "a__b", "a___b", "-a", "x"),
    moving_tags=st.lists(_tag_patterns, max_size=6),
    scan_on_push=st.booleans(),
    keep_last=_numbers,
    keep_tagged=st.dictionaries(_tag_patterns, _numbers, max_size=3),
    untagged_days=_numbers,
    kms_key_arn=_one(samples.KMS_KEY_ARN, "alias/images"),
    pull_accounts=st.lists(_one("210987654321", samples.ACCOUNT, "1"), max_size=3),
    pull_organization_id=_one("o-a1b2c3d4e5", "acme"),
    force_delete=st.booleans(),
    tags=_tags,
)
_jobs = _some(
    environments=st.lists(_one("production", "Production:V1", "prod-*", ""), max_size=2),
    branches=st.lists(_one("main", "release/1.x", "feature/*", "a b", "refs/heads/main", "a${b}"), max_size=2),
    tags=st.lists(_one("v1", "v*", "refs/tags/v1", "a..b"), max_size=2),
    subjects=st.lists(
        _one("repo:acme/orders:pull_request", "repository_id:456789:ref:refs/heads/main", "repo:acme/*", "ref:x"),
        max_size=2,
    ),
)
_delivery: SearchStrategy[Args] = st.builds(
    lambda required, provider, rest: required | provider | rest,
    st.fixed_dictionaries(
        {
            "github_repository": _one("acme/orders", "Acme/orders.api", "orders", "acme/*", "https://github.com/a/b"),
            "deploy": st.one_of(st.just({"branches": ["main"]}), _jobs),
            "repository_arn": _one(samples.REPOSITORY_ARN, samples.SERVICE_ARN),
        }
    ),
    _one(
        {"provider_arn": samples.GITHUB_PROVIDER_ARN},
        {"provider": {}},
        {"provider": {"enterprise": "acme"}},
        {"provider": {"import_arn": samples.GITHUB_PROVIDER_ARN}},
        {"provider": {"import_arn": samples.ROLE_ARN, "enterprise": "a b"}},
        {},
    ),
    _some(
        owner_id=_one(123456, 0),
        repository_id=_one(456789),
        service_arn=_one(samples.SERVICE_ARN),
        read_log=st.booleans(),
        stack=st.fixed_dictionaries(
            {
                "branches": st.just(["main"]),
                "name_prefix": _one("storefront-", "a", "-b-"),
                "roles_boundary": _one(samples.BOUNDARY_ARN),
            },
            optional={
                "components": st.lists(_one("AppRunnerService", "CustomDomain", "Fleet"), max_size=3),
                "region": _one("eu-west-1", "Ireland"),
                "hosted_zone_ids": st.lists(_one(samples.ZONE_ID, "zone"), max_size=2),
                "policy_documents": st.lists(_documents, max_size=2),
            },
        ),
        permissions_boundary=_one(samples.BOUNDARY_ARN),
        tags=_tags,
    ),
)
_group = _some(
    enabled=st.booleans(),
    mode=_one("block", "count", "none"),
    rules=st.dictionaries(
        _one("SizeRestrictions_BODY", "Ours", "not a name"), _one("count", "block", "captcha", "allow"), max_size=2
    ),
)
_prefix = _one("/login", "/uploads/", "/a b", "login")
_firewall = _some(
    private=st.booleans(),
    mode=_one("block", "count", "monitor"),
    groups=_some(common=_group, ip_reputation=_group, anonymous_ip=_group, sql=_group),
    excluded_paths=st.lists(_prefix, max_size=3),
    rate_limit=st.fixed_dictionaries(
        {"requests": _one(9, 10, 2000)},
        optional={"window_seconds": _one(60, 90), "path": _prefix, "action": _one("block", "captcha", "allow")},
    ),
    countries=_some(
        allowed=st.lists(_one("DE", "AT", "UK"), max_size=2), blocked=st.lists(_one("KP", "kp"), max_size=2)
    ),
    required_header=_some(
        value=_one("correct-horse-battery-staple", "too short"),
        previous_value=_one("the-secret-of-last-month", "with a space inside"),
        name=_one("x-edge-key", "X-Key"),
        mode=_one("count", "allow"),
    ),
    log=_some(
        enabled=st.booleans(),
        retention_days=_one(30, 31),
        kms_key_arn=_one(samples.KMS_KEY_ARN, "alias/logs"),
        redacted_headers=st.lists(_one("x-api-key", "cookie", "X-Key"), max_size=2),
        redact_query_string=st.booleans(),
    ),
    sampled_requests=st.booleans(),
    tags=_tags,
)
_split_service = st.fixed_dictionaries(
    {
        "arn": _one(samples.SERVICE_ARN, "orders"),
        "url": _one("https://abcdefghij.eu-west-1.awsapprunner.com", "http://orders.example.com", ""),
    }
)
_CERTIFICATE_ARN = f"arn:aws:acm:us-east-1:{samples.ACCOUNT}:certificate/{uuid.UUID(int=7)}"
_split = st.fixed_dictionaries(
    {
        "domain_name": _one("shop.example.com", "example.com", "*.example.com", "shop"),
        "certificate_arn": _one(_CERTIFICATE_ARN, "certificate"),
        "stable": _split_service,
        "origin_secret": _one("correct-horse-battery-staple", "too short"),
    },
    optional={
        "candidate": _split_service,
        "weight": _one(-1, 0, 10, 100, 101),
        "sticky": st.booleans(),
        "zone": _one({"id": samples.ZONE_ID, "name": "example.com"}, {"id": samples.ZONE_ID, "name": "example.org"}),
        "web_acl_arn": _one("edge", None),
        "lifecycle": _some(verify_deployment=st.booleans(), timeout_minutes=_numbers),
        "tags": _tags,
    },
)
_scaling = _some(
    min_size=_numbers, max_size=_numbers, max_concurrency=_one(1, 100, 200), account_default=st.booleans(), tags=_tags
)


@st.composite
def _maybe_invalid(draw: st.DrawFn, valid: SearchStrategy[Args]) -> Any:
    args: Any = draw(valid)
    for _ in range(draw(_one(0, 0, 1, 1, 2, 3))):
        path = draw(st.sampled_from(_paths(args)))
        kind = draw(_one("late", "late", "junk", "key", "both spellings"))
        if kind == "late":
            known, secret = draw(st.booleans()), draw(st.booleans())
            args = _replace(args, path, lambda value: Late(value, known, secret))  # noqa: B023
        elif kind == "junk":
            wrong = draw(junk)
            args = _replace(args, path, lambda _: wrong)  # noqa: B023
        elif isinstance(args, dict) and kind == "key":
            args = args | {draw(_texts): draw(junk)}
        elif isinstance(args, dict) and args:
            key = draw(st.sampled_from(list(args)))
            args = args | {to_camel(str(key)): draw(junk)}
    return _camel(args) if draw(st.booleans()) else args


service, egress, domain, secrets, pause = map(_maybe_invalid, (_service, _egress, _domain, _secrets, _pause))
endpoint, firewall, ingress, monitoring, retention, push, rotation, scaling, topic = map(
    _maybe_invalid, (_endpoint, _firewall, _ingress, _monitoring, _retention, _push, _rotation, _scaling, _topic)
)
repository, delivery, split = map(_maybe_invalid, (_repository, _delivery, _split))
"""The arguments of each component, as a mapping in snake_case or camelCase, often invalid."""
