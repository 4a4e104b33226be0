"""An emulated provider: a plugin named `aws` that replaces pulumi-aws, which needs AWS.

It supports the resources and functions that the library uses, and rejects all others. Names and types of properties
come from pulumi_aws's classes, AWS's names from botocore's models, and the effect of changes from
apprunner_facts.changes. This package maps one to the other, and waits and fails as pulumi-aws does. The plugin is
`apprunner_local.provider.server`.
"""

ACCEPT_UNKNOWN = "APPRUNNER_LOCAL_ACCEPT_UNKNOWN"
"""The environment variable with which the provider accepts resource types and functions that it does not emulate."""
