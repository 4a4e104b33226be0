# pyright: standard
"""The inputs of CloudFront's resources as members of AWS's calls."""

from typing import Any

from apprunner_local.api_model import Members
from pulumi_apprunner.offline.values import UNKNOWN

_NEW = "new"
"""The caller reference of a distribution that is only checked."""


def distribution_members(inputs: Members, reference: str = _NEW) -> Members:
    """Return a distribution's inputs as the members of CreateDistributionWithTags."""
    config = {"DistributionConfig": distribution_config(inputs, reference), "Tags": {"Items": _tags(inputs)}}
    return {"DistributionConfigWithTags": config}


def distribution_config(inputs: Members, reference: str) -> Members:
    """Return a distribution's inputs as AWS's DistributionConfig, in which each list has its length beside it."""
    config: Members = {
        "CallerReference": reference,
        "Aliases": _counted(inputs.get("aliases", [])),
        "DefaultRootObject": inputs.get("defaultRootObject", ""),
        "Origins": _counted([_origin(each) for each in inputs["origins"]]),
        "DefaultCacheBehavior": _behavior(inputs["defaultCacheBehavior"]),
        "CacheBehaviors": _counted([]),
        "Comment": inputs.get("comment", ""),
        "PriceClass": inputs.get("priceClass", "PriceClass_All"),
        "Enabled": inputs["enabled"],
        "ViewerCertificate": _certificate(inputs["viewerCertificate"]),
        "Restrictions": _restrictions(inputs["restrictions"]["geoRestriction"]),
        "WebACLId": inputs.get("webAclId", ""),
        "HttpVersion": inputs.get("httpVersion", "http2"),
        "IsIPV6Enabled": inputs.get("isIpv6Enabled", False),
    }
    return config


def function_members(inputs: Members) -> Members:
    """Return a function's inputs as the members of CreateFunction."""
    config: Members = {"Comment": inputs.get("comment", ""), "Runtime": inputs["runtime"]}
    if stores := inputs.get("keyValueStoreAssociations"):
        config["KeyValueStoreAssociations"] = _counted([{"KeyValueStoreARN": each} for each in stores])
    return {"Name": inputs["name"], "FunctionConfig": config, "FunctionCode": inputs["code"], **_tagged(inputs)}


def store_members(inputs: Members) -> Members:
    """Return a store's inputs as the members of CreateKeyValueStore."""
    return {"Name": inputs["name"], "Comment": inputs.get("comment", ""), **_tagged(inputs)}


def key_members(inputs: Members) -> Members:
    """Return a key's inputs as the members of PutKey, which requires the version of the store."""
    names = {"keyValueStoreArn": "KvsARN", "key": "Key", "value": "Value"}
    return {**{names[key]: value for key, value in inputs.items()}, "IfMatch": "version"}


def _counted(items: Any) -> Any:
    return UNKNOWN if items is UNKNOWN else {"Quantity": len(items), **({"Items": items} if items else {})}


def _tagged(inputs: Members) -> Members:
    """Return the tags of a function or a store, which older versions of botocore do not have."""
    return {"Tags": {"Items": _tags(inputs)}} if inputs.get("tags") else {}


def _tags(inputs: Members) -> Any:
    tags = inputs.get("tags", {})
    return tags if tags is UNKNOWN else [{"Key": key, "Value": value} for key, value in tags.items()]


def _origin(origin: Members) -> Members:
    custom = origin["customOriginConfig"]
    headers = [{"HeaderName": each["name"], "HeaderValue": each["value"]} for each in origin.get("customHeaders", [])]
    return {
        "Id": origin["originId"],
        "DomainName": origin["domainName"],
        "OriginPath": origin.get("originPath", ""),
        "CustomHeaders": _counted(headers),
        "CustomOriginConfig": {
            "HTTPPort": custom["httpPort"],
            "HTTPSPort": custom["httpsPort"],
            "OriginProtocolPolicy": custom["originProtocolPolicy"],
            "OriginSslProtocols": _counted(custom["originSslProtocols"]),
            "OriginReadTimeout": custom.get("originReadTimeout", 30),
            "OriginKeepaliveTimeout": custom.get("originKeepaliveTimeout", 5),
        },
        "ConnectionAttempts": origin.get("connectionAttempts", 3),
        "ConnectionTimeout": origin.get("connectionTimeout", 10),
        "OriginShield": {"Enabled": False},
        "OriginAccessControlId": "",
    }


def _behavior(behavior: Members) -> Members:
    functions = [
        {"EventType": each["eventType"], "FunctionARN": each["functionArn"]}
        for each in behavior.get("functionAssociations", [])
    ]
    return {
        "TargetOriginId": behavior["targetOriginId"],
        "ViewerProtocolPolicy": behavior["viewerProtocolPolicy"],
        "AllowedMethods": {
            **_counted(behavior["allowedMethods"]),
            "CachedMethods": _counted(behavior["cachedMethods"]),
        },
        "SmoothStreaming": False,
        "Compress": behavior.get("compress", False),
        "LambdaFunctionAssociations": _counted([]),
        "FunctionAssociations": _counted(functions),
        "FieldLevelEncryptionId": "",
        "CachePolicyId": behavior["cachePolicyId"],
        "OriginRequestPolicyId": behavior["originRequestPolicyId"],
    }


def _certificate(certificate: Members) -> Members:
    return {
        "ACMCertificateArn": certificate["acmCertificateArn"],
        "SSLSupportMethod": certificate["sslSupportMethod"],
        "MinimumProtocolVersion": certificate["minimumProtocolVersion"],
    }


def _restrictions(restriction: Members) -> Members:
    locations = restriction.get("locations", [])
    return {"GeoRestriction": {"RestrictionType": restriction["restrictionType"], **_counted(locations)}}
