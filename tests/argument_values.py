"""Parts of arguments that several components have."""

from hypothesis import strategies as st

import samples
from arbitrary_values import one

names = st.one_of(
    one("orders", "orders-db", "customers_db"), st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,70}", fullmatch=True)
)
variables = st.from_regex(r"[A-Z][A-Z_]{0,8}", fullmatch=True)
tags = st.one_of(
    one({}, {"team": "orders"}, {"cost centre": "a/b@c", "größe": "10 µm"}),
    st.dictionaries(st.text(max_size=10), st.text(max_size=10), max_size=2),
)
documents = one(
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}',
    '{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}',
    '{"Statement": ["Allow"]}',
    '{"Statement": []}',
    '"Statement"',
    "[" * 2_000,
)
numbers = st.integers(min_value=-1, max_value=30)
bound = st.fixed_dictionaries(
    {"value_from": st.dictionaries(variables, one(samples.SECRET_ARN, samples.PARAMETER_ARN, "name"), max_size=3)},
    optional={"policy_document": documents},
)
sources = st.one_of(
    st.fixed_dictionaries(
        {"secret_arn": st.just(samples.SECRET_ARN)},
        optional={
            "json_key": one("user", "a b", "password"),
            "version_stage": one("AWSPREVIOUS"),
            "version_id": one("1"),
        },
    ),
    st.just({"parameter_arn": samples.PARAMETER_ARN}),
    st.fixed_dictionaries(
        {"parameter_name": one("/orders/flags", "flags", "a//b")}, optional={"kms_key_arn": one(samples.KMS_KEY_ARN)}
    ),
)
