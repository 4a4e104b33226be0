# pyright: standard
"""CloudFront's distributions, functions, key value stores and their keys."""

import uuid
from typing import Any

from apprunner_facts import tokens
from apprunner_facts.cloudfront import HOSTED_ZONE_ID
from apprunner_local.edge.inputs import distribution_config, distribution_members, function_members, store_members
from apprunner_local.provider.calls import Aws, CallError
from apprunner_local.provider.differences import as_set
from apprunner_local.provider.resource import Properties, Resource

_DEPLOYED_SECONDS, _CERTIFICATE_SECONDS, _STORE_SECONDS = 5_400, 60, 1_800
_KEYS = "cloudfront-keyvaluestore"


def _by(key: str) -> Any:
    return lambda items: sorted(items, key=lambda item: str(item.get(key))) if isinstance(items, list) else items


class _Tagged(Resource):
    """A resource with tags, which only a call of their own returns."""

    service = "cloudfront"

    def read_tags(self, aws: Aws, arn: str) -> Properties:
        """Return the property `tags`; none if this version of pulumi-aws has no tags of the type."""
        if not self.has_tags:
            return {}
        listed = aws.call("cloudfront", "ListTagsForResource", {"Resource": arn})["Tags"]
        return {"tags": {each["Key"]: each["Value"] for each in listed.get("Items", [])}}

    def tag(self, aws: Aws, state: Properties, taken: list[str], properties: Properties) -> None:
        key = {"Resource": state["arn"]}
        if taken:
            aws.call("cloudfront", "UntagResource", {**key, "TagKeys": {"Items": taken}})
        if properties:
            items = [{"Key": name, "Value": text} for name, text in properties.items()]
            aws.call("cloudfront", "TagResource", {**key, "Tags": {"Items": items}})


class Distribution(_Tagged):
    """A distribution. An update sends all properties."""

    token = tokens.DISTRIBUTION
    noun = "CloudFront Distribution"
    defaults = {
        "httpVersion": "http2",
        "isIpv6Enabled": False,
        "priceClass": "PriceClass_All",
        "retainOnDelete": False,
        "staging": False,
        "waitForDeployment": True,
    }
    normal = {
        "aliases": as_set,
        "origins": _by("originId"),
        "defaultCacheBehavior.allowedMethods": as_set,
        "defaultCacheBehavior.cachedMethods": as_set,
        "defaultCacheBehavior.functionAssociations": _by("eventType"),
    }

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        members = distribution_members(inputs, f"terraform-{uuid.uuid4().hex}")
        # [P: cloudfront/distribution.go] A creation is retried for a minute while the certificate is not found.
        answer = aws.retry(
            lambda: aws.call("cloudfront", "CreateDistributionWithTags", members),
            lambda error: error.code == "InvalidViewerCertificate",
            _CERTIFICATE_SECONDS,
        )
        return answer["Distribution"]["Id"], {}

    def wait_until_ready(self, aws: Aws, id: str) -> None:
        # [P: cloudfront/distribution.go] Creations, updates and the disabling before a deletion wait until the
        # distribution is Deployed.
        aws.wait(lambda: self._status(aws, id), ("InProgress",), ("Deployed",), _DEPLOYED_SECONDS)

    def read(self, aws: Aws, id: str, state: Properties) -> Properties | None:
        answer = self._get(aws, id)
        if answer is None:
            return None
        distribution = answer["Distribution"]
        return {
            # [P: cloudfront/distribution.go] An import sets what AWS does not return to its defaults.
            "retainOnDelete": state.get("retainOnDelete", False),
            "staging": state.get("staging", False),
            "waitForDeployment": state.get("waitForDeployment", True),
            **_from_config(distribution["DistributionConfig"]),
            "arn": distribution["ARN"],
            "callerReference": distribution["DistributionConfig"]["CallerReference"],
            "domainName": distribution["DomainName"],
            "etag": answer["ETag"],
            "hostedZoneId": HOSTED_ZONE_ID,
            "status": distribution["Status"],
            **self.read_tags(aws, distribution["ARN"]),
        }

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        config = distribution_config(new, old["callerReference"])
        request = {"Id": id, "DistributionConfig": config, "IfMatch": old["etag"]}
        try:
            aws.call("cloudfront", "UpdateDistribution", request)
        except CallError as error:
            # [P: cloudfront/distribution.go] An update with a version that is not the current one reads it, once.
            answer = self._get(aws, id) if error.code == "PreconditionFailed" else None
            if answer is None:
                raise
            aws.call("cloudfront", "UpdateDistribution", {**request, "IfMatch": answer["ETag"]})
        self.wait_until_ready(aws, id)

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        # [P: cloudfront/distribution.go] A deletion disables the distribution, waits until that is deployed, and
        # deletes it.
        answer = self._get(aws, id)
        if answer is None:
            return
        config = answer["Distribution"]["DistributionConfig"]
        if config["Enabled"]:
            disabled = {"Id": id, "DistributionConfig": {**config, "Enabled": False}, "IfMatch": answer["ETag"]}
            aws.call("cloudfront", "UpdateDistribution", disabled)
        self.wait_until_ready(aws, id)
        answer = self._get(aws, id)
        if answer is not None:
            aws.call("cloudfront", "DeleteDistribution", {"Id": id, "IfMatch": answer["ETag"]})

    def _get(self, aws: Aws, id: str) -> Properties | None:
        return _found(aws, "GetDistribution", {"Id": id}, "NoSuchDistribution")

    def _status(self, aws: Aws, id: str) -> str | None:
        answer = self._get(aws, id)
        return str(answer["Distribution"]["Status"]) if answer else None


def _from_config(config: Properties) -> Properties:
    """Return AWS's DistributionConfig as properties."""
    behavior, certificate = config["DefaultCacheBehavior"], config["ViewerCertificate"]
    restriction = config["Restrictions"]["GeoRestriction"]
    functions = behavior.get("FunctionAssociations", {}).get("Items", [])
    return {
        "aliases": config["Aliases"].get("Items", []),
        "comment": config["Comment"],
        "defaultCacheBehavior": {
            "targetOriginId": behavior["TargetOriginId"],
            "viewerProtocolPolicy": behavior["ViewerProtocolPolicy"],
            "allowedMethods": behavior["AllowedMethods"]["Items"],
            "cachedMethods": behavior["AllowedMethods"]["CachedMethods"]["Items"],
            "cachePolicyId": behavior["CachePolicyId"],
            "originRequestPolicyId": behavior["OriginRequestPolicyId"],
            "compress": behavior["Compress"],
            "functionAssociations": [
                {"eventType": each["EventType"], "functionArn": each["FunctionARN"]} for each in functions
            ],
        },
        "enabled": config["Enabled"],
        "httpVersion": config["HttpVersion"],
        "isIpv6Enabled": config["IsIPV6Enabled"],
        "origins": [_origin(each) for each in config["Origins"]["Items"]],
        "priceClass": config["PriceClass"],
        "restrictions": {"geoRestriction": {"restrictionType": restriction["RestrictionType"]}},
        "viewerCertificate": {
            "acmCertificateArn": certificate["ACMCertificateArn"],
            "sslSupportMethod": certificate["SSLSupportMethod"],
            "minimumProtocolVersion": certificate["MinimumProtocolVersion"],
        },
        **({"webAclId": config["WebACLId"]} if config["WebACLId"] else {}),
    }


def _origin(origin: Properties) -> Properties:
    custom = origin["CustomOriginConfig"]
    return {
        "originId": origin["Id"],
        "domainName": origin["DomainName"],
        "customHeaders": [
            {"name": each["HeaderName"], "value": each["HeaderValue"]}
            for each in origin["CustomHeaders"].get("Items", [])
        ],
        "customOriginConfig": {
            "httpPort": custom["HTTPPort"],
            "httpsPort": custom["HTTPSPort"],
            "originProtocolPolicy": custom["OriginProtocolPolicy"],
            "originSslProtocols": custom["OriginSslProtocols"]["Items"],
            "originReadTimeout": custom["OriginReadTimeout"],
        },
    }


class Function(_Tagged):
    """A function; its id is its name."""

    token = tokens.EDGE_FUNCTION
    noun = "CloudFront Function"
    defaults = {"publish": True}
    normal = {"keyValueStoreAssociations": as_set}
    longest_name = 64

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        # [P: cloudfront/function.go] A creation and an update publish the function in a call of its own.
        answer = aws.call("cloudfront", "CreateFunction", _function_call(inputs))
        self._publish(aws, inputs, answer["ETag"])
        return inputs["name"], {}

    def read(self, aws: Aws, id: str, state: Properties) -> Properties | None:
        missing = "NoSuchFunctionExists"
        answer = _found(aws, "DescribeFunction", {"Name": id, "Stage": "DEVELOPMENT"}, missing)
        if answer is None:
            return None
        code = aws.call("cloudfront", "GetFunction", {"Name": id, "Stage": "DEVELOPMENT"})["FunctionCode"].read()
        live = _found(aws, "DescribeFunction", {"Name": id, "Stage": "LIVE"}, missing)
        summary = answer["FunctionSummary"]
        config, arn = summary["FunctionConfig"], summary["FunctionMetadata"]["FunctionARN"]
        stores = config.get("KeyValueStoreAssociations", {}).get("Items", [])
        return {
            "arn": arn,
            "code": code.decode(),
            "comment": config["Comment"],
            "etag": answer["ETag"],
            "keyValueStoreAssociations": [each["KeyValueStoreARN"] for each in stores],
            "liveStageEtag": live["ETag"] if live else "",
            "name": summary["Name"],
            **({"publish": state["publish"]} if "publish" in state else {}),
            "runtime": config["Runtime"],
            "status": summary["Status"],
            **self.read_tags(aws, arn),
        }

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        version = old["etag"]
        if changed - {"publish"}:
            members = {**_function_call(new), "IfMatch": version}
            members.pop("Tags", None)
            answer = aws.call("cloudfront", "UpdateFunction", members)
            version = answer["ETag"]
        self._publish(aws, new, version)

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        aws.call("cloudfront", "DeleteFunction", {"Name": id, "IfMatch": state["etag"]})

    def _publish(self, aws: Aws, inputs: Properties, version: str) -> None:
        if inputs["publish"]:
            aws.call("cloudfront", "PublishFunction", {"Name": inputs["name"], "IfMatch": version})


def _function_call(inputs: Properties) -> Properties:
    members = function_members(inputs)
    return {**members, "FunctionCode": members["FunctionCode"].encode()}


class KeyValueStore(_Tagged):
    """A key value store; its id is its name."""

    token = tokens.KEY_VALUE_STORE
    noun = "CloudFront Key Value Store"
    longest_name = 64

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        aws.call("cloudfront", "CreateKeyValueStore", store_members(inputs))
        return inputs["name"], {}

    def wait_until_ready(self, aws: Aws, id: str) -> None:
        # [P: cloudfront/key_value_store.go] A creation waits until the store is READY.
        aws.wait(lambda: self._status(aws, id), ("PROVISIONING",), ("READY",), _STORE_SECONDS)

    def read(self, aws: Aws, id: str, state: Properties) -> Properties | None:
        answer = _found(aws, "DescribeKeyValueStore", {"Name": id}, "EntityNotFound")
        if answer is None:
            return None
        store = answer["KeyValueStore"]
        state = {"arn": store["ARN"], "comment": store["Comment"], "etag": answer["ETag"], "name": store["Name"]}
        return state | self.read_tags(aws, store["ARN"])

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        members = {"Name": new["name"], "Comment": new.get("comment", ""), "IfMatch": old["etag"]}
        aws.call("cloudfront", "UpdateKeyValueStore", members)

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        aws.call("cloudfront", "DeleteKeyValueStore", {"Name": id, "IfMatch": state["etag"]})

    def _status(self, aws: Aws, id: str) -> str | None:
        answer = _found(aws, "DescribeKeyValueStore", {"Name": id}, "EntityNotFound")
        return str(answer["KeyValueStore"]["Status"]) if answer else None


class Key(Resource):
    """A key of a store; its id is STORE_ARN,KEY."""

    token = tokens.KEY_VALUE_STORE_KEY
    noun = "CloudFront KeyValueStore Key"
    service = _KEYS

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        store = inputs["keyValueStoreArn"]
        # [P: cloudfrontkeyvaluestore/key.go] Each change reads the version of the keys before.
        put = {"KvsARN": store, "Key": inputs["key"], "Value": inputs["value"], "IfMatch": _keys_version(aws, store)}
        aws.call(_KEYS, "PutKey", put)
        return f"{store},{inputs['key']}", {}

    def read(self, aws: Aws, id: str, state: Properties) -> Properties | None:
        store, _, key = id.partition(",")
        answer = _found(aws, "GetKey", {"KvsARN": store, "Key": key}, "ResourceNotFoundException", _KEYS)
        if answer is None:
            return None
        size = answer["TotalSizeInBytes"]
        return {"keyValueStoreArn": store, "key": key, "value": answer["Value"], "totalSizeInBytes": size}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        self.create(aws, new)

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        store, _, key = id.partition(",")
        aws.call(_KEYS, "DeleteKey", {"KvsARN": store, "Key": key, "IfMatch": _keys_version(aws, store)})


def _keys_version(aws: Aws, store: str) -> str:
    return str(aws.call(_KEYS, "DescribeKeyValueStore", {"KvsARN": store})["ETag"])


def _found(
    aws: Aws, operation: str, members: Properties, missing: str, service: str = "cloudfront"
) -> Properties | None:
    """Return the answer of a call; None if its error is that the resource does not exist."""
    try:
        return aws.call(service, operation, members)
    except CallError as error:
        if error.code == missing:
            return None
        raise
