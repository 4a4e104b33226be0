"""Arguments of the components: mostly valid, then with up to three invalid values."""

import uuid

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

import samples
from arbitrary_values import Args, maybe_invalid, one, some
from argument_values import bound, documents, names, numbers, sources, tags, variables

_images = st.fixed_dictionaries(
    {
        "identifier": one(
            samples.IMAGE, samples.IMAGE, samples.PUBLIC_IMAGE, "docker.io/nginx", f"{samples.IMAGE}@{samples.DIGEST}"
        ),
    },
    optional={"repository_type": one("ECR", "ECR_PUBLIC"), "cross_account": one(False, False, True)},
)
_code = st.fixed_dictionaries(
    {
        "connection_arn": st.just(samples.CONNECTION_ARN),
        "repository_url": st.just("https://github.com/example/orders"),
        "configuration_source": one("API", "REPOSITORY"),
    },
    optional={
        "runtime": one("PYTHON_311", "NODEJS_22", "COBOL_85"),
        "build_command": one("make", "make\nmake"),
        "source_directory": one("/", "/api", "api"),
    },
)
_times = one("00:00", "06:30", "08:00", "12:00", "12:01", "20:00", "23:59", "24:00", "8:00", "12:60")
_windows = st.fixed_dictionaries(
    {"days": one("Mon-Fri", "Sat,Sun", "daily", "Fri-Mon", "Mon-Wed,Fri", "Someday"), "start": _times, "end": _times}
)
_crons = st.builds(
    "cron({} {} {})".format,
    st.integers(0, 59),
    st.integers(0, 23),
    one("* * ? *", "* * ? *", "? * MON-FRI *", "? * MON-FRI *", "1 * ? *", "* * * *", "L * ? 2030", "30 2 ? *"),
)

_service: SearchStrategy[Args] = st.builds(
    lambda source, rest: source | rest,
    st.one_of(st.builds(lambda image: {"image": image}, _images), st.builds(lambda code: {"code": code}, _code)),
    some(
        port=one(1, 8080, 65535),
        environment=st.dictionaries(variables, st.text(max_size=5), max_size=3),
        start_command=one("serve", "serve --port=8080"),
        size=some(cpu=one("1 vCPU", "1024", 1, 0.25, "2 vCPU", 4096), memory=one("2 GB", "2048", 4, "12 GB")),
        scaling=some(min_size=numbers, max_size=numbers, max_concurrency=one(1, 100, 200)),
        auto_scaling_configuration_arn=one(samples.SCALING_ARN, samples.LATEST_SCALING_ARN),
        health_check=some(protocol=one("HTTP", "TCP"), path=one("/", "/healthz", "healthz"), interval=numbers),
        auto_deployments_enabled=st.booleans(),
        is_publicly_accessible=st.booleans(),
        ip_address_type=one("IPV4", "DUAL_STACK"),
        vpc_connector_arn=one(samples.CONNECTOR_ARN),
        kms_key_arn=one(samples.KMS_KEY_ARN, samples.KMS_KEY_ARN.replace("key/", "alias/")),
        tracing=st.none() | st.booleans(),
        observability_configuration_arn=one(samples.OBSERVABILITY_ARN),
        instance_role=some(
            arn=one(samples.ROLE_ARN),
            policy_arns=st.dictionaries(names, one(samples.POLICY_ARN), max_size=2),
            policy_documents=st.lists(documents, max_size=2),
        ),
        access_role_arn=one(samples.OTHER_ROLE_ARN),
        permissions_boundary=one(samples.BOUNDARY_ARN),
        service_name=names,
        redeploy_trigger=one("1", "2026-11-23", ""),
        protect=st.booleans(),
        secrets=st.lists(bound, max_size=2),
        tags=tags,
    ),
)
_egress: SearchStrategy[Args] = st.builds(
    lambda required, rest: required | rest,
    st.fixed_dictionaries(
        {
            "vpc_id": one(samples.VPC_ID),
            "subnet_ids": st.one_of(
                st.just(samples.SUBNET_IDS), st.lists(one(*samples.SUBNET_IDS, "subnet-1"), min_size=1, max_size=3)
            ),
        }
    ),
    some(
        security_group_ids=st.lists(one(samples.GROUP_ID, "sg-1"), max_size=2),
        restrict_egress=st.booleans(),
        destinations=st.dictionaries(
            names,
            st.builds(
                lambda place, port, ingress: place | port | ingress,
                one(
                    {"security_group_id": samples.GROUP_ID},
                    {"security_group_id": samples.GROUP_ID},
                    {"security_group_id": "sg-1"},
                    {"cidr": "0.0.0.0/0"},
                    {"cidr": "2001:db8::/32"},
                    {"cidr": "10.0.0.1/8"},
                    {"prefix_list_id": "pl-12345678"},
                    {"security_group_id": samples.GROUP_ID, "cidr": "10.0.0.0/8"},
                ),
                one(
                    {},
                    {"port": 443},
                    {"port": 5432},
                    {"port": 0},
                    {"port": 123, "protocol": "udp"},
                    {"port": 5433, "protocol": "icmp"},
                    {"protocol": "udp"},
                ),
                one({}, {}, {"open_ingress": False}),
            ),
            max_size=3,
        ),
        tags=tags,
    ),
)
_endpoint = st.fixed_dictionaries(
    {
        "vpc_id": one(samples.VPC_ID, "sg-1"),
        "subnet_ids": st.lists(one(*samples.SUBNET_IDS, "subnet-1"), max_size=3),
        "clients": st.dictionaries(
            names,
            one(
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
    optional={"tags": tags},
)
_ingress = st.fixed_dictionaries(
    {
        "service_arn": one(samples.SERVICE_ARN, samples.TOPIC_ARN),
        "vpc_id": one(samples.VPC_ID),
        "vpc_endpoint_id": one("vpce-0a1b2c3d4e5f60718", samples.VPC_ID),
    },
    optional={"tags": tags},
)
_domains = one("shop.example.com", "example.com", "*.example.com", "EXAMPLE.com", "a..b", "shop.example.com.", "x")
_routing: SearchStrategy[Args] = st.builds(
    lambda required, rest: required | rest,
    st.fixed_dictionaries({"set_identifier": one("eu", "us-east-1", "", "a" * 129)}),
    some(
        weight=one(0, 1, 255, 256),
        latency=st.booleans(),
        failover=one("primary", "secondary", "third"),
        health_check_id=one("abcdef11-2222-3333-4444-555555fedcba", ""),
    ),
)
_domain: SearchStrategy[Args] = st.builds(
    lambda required, rest: required | rest,
    st.fixed_dictionaries({"domain_name": _domains, "service_arn": one(samples.SERVICE_ARN)}),
    some(
        enable_www_subdomain=st.booleans(),
        ttl=one(0, 60, 300, -1),
        routing=_routing,
        wait_until_active_minutes=one(1, 60, 0, 61),
        zone=st.fixed_dictionaries({"id": one(samples.ZONE_ID), "name": one("example.com", "example.org", "com")}),
    ),
)
_secrets: SearchStrategy[Args] = st.fixed_dictionaries(
    {"secrets": st.dictionaries(variables, sources, min_size=1, max_size=3)},
)
_pause: SearchStrategy[Args] = st.builds(
    lambda required, hours, rest: required | hours | rest,
    st.fixed_dictionaries(
        {
            "service_arn": one(samples.SERVICE_ARN),
            "timezone": one("Europe/Berlin", "UTC", "America/New_York", "Asia/Kolkata", "Nowhere/Land"),
        }
    ),
    st.one_of(
        st.builds(lambda windows: {"running": windows}, st.lists(_windows, min_size=1, max_size=2)),
        st.builds(
            lambda pair: {"cron": pair},
            st.fixed_dictionaries({"pause": _crons, "resume": _crons}, optional={"deploy": _crons}),
        ),
    ),
    some(
        enabled=st.booleans(),
        deploy_minutes_after_resume=one(1, 10, 30, 720, 721),
        retry_minutes=one(1, 5, 15, 30, 1440, 0),
        dead_letter_queue_arn=one(samples.QUEUE_ARN),
        permissions_boundary=one(samples.BOUNDARY_ARN),
        tags=tags,
    ),
)
_counts = one(0, 1, 2, 3, 15, 181, 1.5)
_alarm = some(
    enabled=st.booleans(),
    threshold=one(0, 0.5, 10, 101, -1),
    period=one(60, 90, 300, 3600),
    evaluation_periods=_counts,
    datapoints_to_alarm=_counts,
    missing_data=one("breaching", "notBreaching", "none"),
)
_monitoring = st.fixed_dictionaries(
    {"service_arn": one(samples.SERVICE_ARN), "topic_arn": one(samples.TOPIC_ARN, samples.QUEUE_ARN)},
    optional={
        "profile": one("production", "staging", "dev"),
        "max_size": one(1, 2, 10, 0),
        "alarms": some(latency=_alarm, no_requests=_alarm, server_error_rate=_alarm),
        "notify_on_recovery": st.booleans(),
        "runbook_url": one("https://example.com/orders", "orders"),
        "tags": tags,
    },
)
_retention = st.fixed_dictionaries(
    {"service_arn": one(samples.SERVICE_ARN), "days": one(1, 30, 3653, 0, 31)},
    optional={"permissions_boundary": one(samples.BOUNDARY_ARN, samples.ROLE_ARN), "tags": tags},
)
_topic = some(
    kms_key_arn=one(samples.KMS_KEY_ARN, "alias/aws/sns"),
    subscriptions=st.dictionaries(
        names,
        st.fixed_dictionaries(
            {"protocol": one("email", "https", "sqs", "sms"), "endpoint": one("a@example.com", samples.QUEUE_ARN)}
        ),
        max_size=2,
    ),
    tags=tags,
)
_group = some(
    enabled=st.booleans(),
    mode=one("block", "count", "none"),
    rules=st.dictionaries(
        one("SizeRestrictions_BODY", "Ours", "not a name"), one("count", "block", "captcha", "allow"), max_size=2
    ),
)
_prefix = one("/login", "/uploads/", "/a b", "login")
_firewall = some(
    private=st.booleans(),
    mode=one("block", "count", "monitor"),
    groups=some(common=_group, ip_reputation=_group, anonymous_ip=_group, sql=_group),
    excluded_paths=st.lists(_prefix, max_size=3),
    rate_limit=st.fixed_dictionaries(
        {"requests": one(9, 10, 2000)},
        optional={"window_seconds": one(60, 90), "path": _prefix, "action": one("block", "captcha", "allow")},
    ),
    countries=some(allowed=st.lists(one("DE", "AT", "UK"), max_size=2), blocked=st.lists(one("KP", "kp"), max_size=2)),
    required_header=some(
        value=one("correct-horse-battery-staple", "too short"),
        previous_value=one("the-secret-of-last-month", "with a space inside"),
        name=one("x-edge-key", "X-Key"),
        mode=one("count", "allow"),
    ),
    log=some(
        enabled=st.booleans(),
        retention_days=one(30, 31),
        kms_key_arn=one(samples.KMS_KEY_ARN, "alias/logs"),
        redacted_headers=st.lists(one("x-api-key", "cookie", "X-Key"), max_size=2),
        redact_query_string=st.booleans(),
    ),
    sampled_requests=st.booleans(),
    tags=tags,
)
_split_service = st.fixed_dictionaries(
    {
        "arn": one(samples.SERVICE_ARN, "orders"),
        "url": one("https://abcdefghij.eu-west-1.awsapprunner.com", "http://orders.example.com", ""),
    }
)
_CERTIFICATE_ARN = f"arn:aws:acm:us-east-1:{samples.ACCOUNT}:certificate/{uuid.UUID(int=7)}"
_split = st.fixed_dictionaries(
    {
        "domain_name": one("shop.example.com", "example.com", "*.example.com", "shop"),
        "certificate_arn": one(_CERTIFICATE_ARN, "certificate"),
        "stable": _split_service,
        "origin_secret": one("correct-horse-battery-staple", "too short"),
    },
    optional={
        "candidate": _split_service,
        "weight": one(-1, 0, 10, 100, 101),
        "sticky": st.booleans(),
        "zone": one({"id": samples.ZONE_ID, "name": "example.com"}, {"id": samples.ZONE_ID, "name": "example.org"}),
        "web_acl_arn": one("edge", None),
        "lifecycle": some(verify_deployment=st.booleans(), timeout_minutes=numbers),
        "tags": tags,
    },
)
_scaling = some(
    min_size=numbers, max_size=numbers, max_concurrency=one(1, 100, 200), account_default=st.booleans(), tags=tags
)

service, egress, domain, secrets, pause = map(maybe_invalid, (_service, _egress, _domain, _secrets, _pause))
endpoint, firewall, ingress, monitoring, retention, scaling, topic = map(
    maybe_invalid, (_endpoint, _firewall, _ingress, _monitoring, _retention, _scaling, _topic)
)
split = maybe_invalid(_split)
"""The arguments of each component, as a mapping in snake_case or camelCase, often invalid."""
