"""An emulated provider: a plugin named `aws` that replaces pulumi-aws, which needs AWS.

It knows the resources and functions that the library uses, and refuses all others. Names and types of properties come
from pulumi_aws's classes, AWS's own from botocore's models, what a change does from apprunner_facts.changes. This
package maps one to the other, and waits and fails as pulumi-aws does. `apprunner_local.provider.server` is the plugin.
"""

ACCEPT_UNKNOWN = "APPRUNNER_LOCAL_ACCEPT_UNKNOWN"
"""The environment variable with which the provider accepts resource types and functions that it does not emulate."""
