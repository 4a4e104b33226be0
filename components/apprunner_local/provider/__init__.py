"""A provider plugin named `aws`, which stands in for pulumi-aws where that cannot be downloaded.

It knows the resources and functions that the library uses, and refuses all others. Names and types of properties come
from pulumi_aws's classes, AWS's own from botocore's models, what a change does from apprunner_facts.changes; what
stands here is how the two belong together, and how pulumi-aws waits and fails. The plugin itself is
bin/pulumi-resource-aws, which the engine finds on PATH.
"""
