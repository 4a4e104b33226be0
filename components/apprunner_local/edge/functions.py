# pyright: standard
"""The calls to the fake CloudFront about functions and key value stores."""

import uuid
from datetime import UTC, datetime

from apprunner_facts.cloudfront import FUNCTION_BYTES
from apprunner_local.edge.state import ARN, EdgeError, EdgeState, Function, Members, Store, new_version, require_version


def _function(state: EdgeState, members: Members) -> Function:
    function = state.functions.get(members["Name"])
    # [M] NoSuchFunctionExists: also for the stage LIVE of a function that was never published.
    if function is None or (members.get("Stage") == "LIVE" and function.live is None):
        raise EdgeError("NoSuchFunctionExists", "The specified function does not exist.")
    return function


def _check_function(state: EdgeState, members: Members) -> None:
    config, code = members["FunctionConfig"], members["FunctionCode"]
    # [D: cloudfront-limits] The code has at most 10 KB.
    if len(code) > FUNCTION_BYTES:
        raise EdgeError("FunctionSizeLimitExceeded", "The function is too large.")
    stores = config.get("KeyValueStoreAssociations", {}).get("Items", [])
    # [D: cloudfront-limits] A function has at most one store. It requires runtime 2.0.
    if len(stores) > 1 or (stores and config["Runtime"] != "cloudfront-js-2.0"):
        raise EdgeError("InvalidArgument", "The function has too many key value stores, or another runtime than 2.0.")
    # [M] EntityNotFound: the store exists.
    if any(state.store_by_arn(each["KeyValueStoreARN"]) is None for each in stores):
        raise EdgeError("EntityNotFound", "The entity was not found.")


def _summary(name: str, each: Function, *, live: bool) -> Members:
    config, _, version = each.live if live and each.live else (each.config, each.code, each.version)
    metadata = {
        "FunctionARN": each.arn,
        "Stage": "LIVE" if live else "DEVELOPMENT",
        "LastModifiedTime": datetime.now(UTC),
    }
    summary = {"Name": name, "Status": "UNASSOCIATED", "FunctionConfig": config, "FunctionMetadata": metadata}
    return {"FunctionSummary": summary, "ETag": version}


def create_function(state: EdgeState, members: Members) -> Members:
    """Handle CreateFunction."""
    name = members["Name"]
    # [M] FunctionAlreadyExists: a name is unique in an account.
    if name in state.functions:
        raise EdgeError("FunctionAlreadyExists", "A function with the same name already exists in this AWS account.")
    _check_function(state, members)
    created = Function(f"{ARN}function/{name}", members["FunctionConfig"], members["FunctionCode"])
    state.functions[name] = created
    state.keep_tags(created.arn, members.get("Tags", {}))
    return _summary(name, created, live=False)


def update_function(state: EdgeState, members: Members) -> Members:
    """Handle UpdateFunction."""
    each = _function(state, members)
    require_version(members.get("IfMatch"), each.version)
    _check_function(state, members)
    each.config, each.code, each.version = members["FunctionConfig"], members["FunctionCode"], new_version()
    return _summary(members["Name"], each, live=False)


def publish_function(state: EdgeState, members: Members) -> Members:
    """Handle PublishFunction."""
    each = _function(state, members)
    require_version(members.get("IfMatch"), each.version)
    each.live = (each.config, each.code, new_version())
    return {"FunctionSummary": _summary(members["Name"], each, live=True)["FunctionSummary"]}


def describe_function(state: EdgeState, members: Members) -> Members:
    """Handle DescribeFunction."""
    return _summary(members["Name"], _function(state, members), live=members.get("Stage") == "LIVE")


def get_function(state: EdgeState, members: Members) -> Members:
    """Handle GetFunction."""
    each, live = _function(state, members), members.get("Stage") == "LIVE"
    _, code, version = each.live if live and each.live else (None, each.code, each.version)
    return {"FunctionCode": code, "ETag": version, "ContentType": "application/octet-stream"}


def delete_function(state: EdgeState, members: Members) -> Members:
    """Handle DeleteFunction."""
    each = _function(state, members)
    require_version(members.get("IfMatch"), each.version)
    used = [
        association["FunctionARN"]
        for distribution in state.distributions.values()
        for association in distribution.config["DefaultCacheBehavior"].get("FunctionAssociations", {}).get("Items", [])
    ]
    # [M] FunctionInUse: a function of a distribution is not deleted.
    if each.arn in used:
        raise EdgeError("FunctionInUse", "Cannot delete the function because it's attached to one or more behaviors.")
    del state.functions[members["Name"]], state.tags[each.arn]
    return {}


# Key value stores


def _store(state: EdgeState, members: Members) -> Store:
    if members["Name"] not in state.stores:
        raise EdgeError("EntityNotFound", "The entity was not found.")
    return state.stores[members["Name"]]


def _described_store(name: str, each: Store) -> Members:
    described = {
        "Name": name,
        "Id": each.id,
        "Comment": each.comment,
        "ARN": each.arn,
        "Status": "PROVISIONING" if each.pending else "READY",
        "LastModifiedTime": datetime.now(UTC),
    }
    return {"KeyValueStore": described, "ETag": each.version}


def create_store(state: EdgeState, members: Members) -> Members:
    """Handle CreateKeyValueStore."""
    name = members["Name"]
    # [M] EntityAlreadyExists: a name is unique in an account.
    if name in state.stores:
        raise EdgeError("EntityAlreadyExists", "The entity already exists. You must provide a unique entity.")
    id = str(uuid.uuid4())
    state.stores[name] = Store(id, f"{ARN}key-value-store/{id}", members.get("Comment", ""))
    state.keep_tags(state.stores[name].arn, members.get("Tags", {}))
    return _described_store(name, state.stores[name])


def describe_store(state: EdgeState, members: Members) -> Members:
    """Handle DescribeKeyValueStore."""
    each = _store(state, members)
    described = _described_store(members["Name"], each)
    each.pending = 0
    return described


def update_store(state: EdgeState, members: Members) -> Members:
    """Handle UpdateKeyValueStore."""
    each = _store(state, members)
    require_version(members.get("IfMatch"), each.version)
    each.comment, each.version = members["Comment"], new_version()
    return _described_store(members["Name"], each)


def delete_store(state: EdgeState, members: Members) -> Members:
    """Handle DeleteKeyValueStore."""
    each = _store(state, members)
    require_version(members.get("IfMatch"), each.version)
    # [M] CannotDeleteEntityWhileInUse: a store of a function is not deleted.
    used = [
        association["KeyValueStoreARN"]
        for function in state.functions.values()
        for association in function.config.get("KeyValueStoreAssociations", {}).get("Items", [])
    ]
    if each.arn in used:
        raise EdgeError("CannotDeleteEntityWhileInUse", "The entity cannot be deleted while it is in use.")
    del state.stores[members["Name"]], state.tags[each.arn]
    return {}
