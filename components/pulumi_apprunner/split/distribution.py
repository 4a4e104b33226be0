"""The distribution of a TrafficSplit, as pulumi-aws's inputs."""

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from apprunner_facts import cloudfront
from pulumi_apprunner.args.values import ORIGIN_HEADER
from pulumi_apprunner.split.functions import STABLE

_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


def origin(id: str, host: pulumi.Input[str], secret: pulumi.Input[str]) -> "aws.cloudfront.DistributionOriginArgsDict":
    """Return an origin: a service's own address, which is called with the secret header."""
    return {
        "origin_id": id,
        "domain_name": host,
        "custom_headers": [{"name": ORIGIN_HEADER, "value": pulumi.Output.secret(secret)}],
        "custom_origin_config": {
            "http_port": 80,
            "https_port": 443,
            "origin_protocol_policy": "https-only",
            "origin_ssl_protocols": ["TLSv1.2"],
            "origin_read_timeout": cloudfront.ORIGIN_READ_TIMEOUT.default,
        },
    }


def behavior(
    functions: "Sequence[aws.cloudfront.DistributionDefaultCacheBehaviorFunctionAssociationArgsDict]",
) -> "aws.cloudfront.DistributionDefaultCacheBehaviorArgsDict":
    """Return the behavior for all paths: nothing is cached, everything but Host is forwarded."""
    return {
        "target_origin_id": STABLE,
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": list(_METHODS),
        "cached_methods": ["GET", "HEAD"],
        "cache_policy_id": cloudfront.CACHING_DISABLED,
        "origin_request_policy_id": cloudfront.ALL_VIEWER_EXCEPT_HOST,
        "compress": False,
        "function_associations": functions,
    }


def certificate(arn: Any) -> "aws.cloudfront.DistributionViewerCertificateArgsDict":
    """Return the settings of the certificate for clients."""
    return {
        "acm_certificate_arn": arn,
        "ssl_support_method": "sni-only",
        "minimum_protocol_version": "TLSv1.2_2021",
    }
