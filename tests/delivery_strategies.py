"""Arguments of the components that deliver images and deploy services again."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

import samples
from arbitrary_values import Args, maybe_invalid, one, some
from argument_values import documents, numbers, sources, tags, variables

_rotation = st.fixed_dictionaries(
    {
        "service_arn": one(samples.SERVICE_ARN),
        "topic_arn": one(samples.TOPIC_ARN, samples.QUEUE_ARN),
        "secrets": st.dictionaries(variables, sources, min_size=1, max_size=3),
    },
    optional={
        "settle_seconds": one(1, 60, 0, 3_601),
        "permissions_boundary": one(samples.BOUNDARY_ARN),
        "tags": tags,
    },
)
_push = st.fixed_dictionaries(
    {
        "service_arn": one(samples.SERVICE_ARN),
        "topic_arn": one(samples.TOPIC_ARN, samples.QUEUE_ARN),
        "image": one(
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/orders:live",
            "210987654321.dkr.ecr.eu-west-1.amazonaws.com/orders:live",
            samples.IMAGE,
            samples.PUBLIC_IMAGE,
        ),
    },
    optional={
        "cross_account": st.booleans(),
        "settle_seconds": one(1, 60, 0, 3_601),
        "permissions_boundary": one(samples.BOUNDARY_ARN),
        "tags": tags,
    },
)
_tag_patterns = one("latest", "v*", "release-*-*", "a*b*c*", "a b", "", "x" * 129)
_repository = some(
    repository_name=one("orders", "storefront/orders", "Orders", "a__b", "a___b", "-a", "x"),
    moving_tags=st.lists(_tag_patterns, max_size=6),
    scan_on_push=st.booleans(),
    keep_last=numbers,
    keep_tagged=st.dictionaries(_tag_patterns, numbers, max_size=3),
    untagged_days=numbers,
    kms_key_arn=one(samples.KMS_KEY_ARN, "alias/images"),
    pull_accounts=st.lists(one("210987654321", samples.ACCOUNT, "1"), max_size=3),
    pull_organization_id=one("o-a1b2c3d4e5", "acme"),
    force_delete=st.booleans(),
    tags=tags,
)
_jobs = some(
    environments=st.lists(one("production", "Production:V1", "prod-*", ""), max_size=2),
    branches=st.lists(one("main", "release/1.x", "feature/*", "a b", "refs/heads/main", "a${b}"), max_size=2),
    tags=st.lists(one("v1", "v*", "refs/tags/v1", "a..b"), max_size=2),
    subjects=st.lists(
        one("repo:acme/orders:pull_request", "repository_id:456789:ref:refs/heads/main", "repo:acme/*", "ref:x"),
        max_size=2,
    ),
)
_delivery: SearchStrategy[Args] = st.builds(
    lambda required, provider, rest: required | provider | rest,
    st.fixed_dictionaries(
        {
            "github_repository": one("acme/orders", "Acme/orders.api", "orders", "acme/*", "https://github.com/a/b"),
            "deploy": st.one_of(st.just({"branches": ["main"]}), _jobs),
            "repository_arn": one(samples.REPOSITORY_ARN, samples.SERVICE_ARN),
        }
    ),
    one(
        {"provider_arn": samples.GITHUB_PROVIDER_ARN},
        {"provider": {}},
        {"provider": {"enterprise": "acme"}},
        {"provider": {"import_arn": samples.GITHUB_PROVIDER_ARN}},
        {"provider": {"import_arn": samples.ROLE_ARN, "enterprise": "a b"}},
        {},
    ),
    some(
        owner_id=one(123456, 0),
        repository_id=one(456789),
        service_arn=one(samples.SERVICE_ARN),
        read_log=st.booleans(),
        stack=st.fixed_dictionaries(
            {
                "branches": st.just(["main"]),
                "name_prefix": one("storefront-", "a", "-b-"),
                "roles_boundary": one(samples.BOUNDARY_ARN),
            },
            optional={
                "components": st.lists(one("AppRunnerService", "CustomDomain", "Fleet"), max_size=3),
                "region": one("eu-west-1", "Ireland"),
                "hosted_zone_ids": st.lists(one(samples.ZONE_ID, "zone"), max_size=2),
                "policy_documents": st.lists(documents, max_size=2),
            },
        ),
        permissions_boundary=one(samples.BOUNDARY_ARN),
        tags=tags,
    ),
)

push, rotation, repository, delivery = map(maybe_invalid, (_push, _rotation, _repository, _delivery))
"""The arguments of each component, as a mapping in snake_case or camelCase, often invalid."""
