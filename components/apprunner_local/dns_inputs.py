# pyright: standard
"""The inputs of Route 53's resources as the members of AWS's API."""

from apprunner_local.api_model import Members


def record_members(inputs: Members) -> Members:
    """Return a record's inputs as the members of ChangeResourceRecordSets."""
    record = {"Name": inputs["name"], "Type": inputs["type"], "TTL": inputs.get("ttl")}
    if "records" in inputs:
        record["ResourceRecords"] = [{"Value": value} for value in inputs["records"]]
    for alias in inputs.get("aliases", ()):
        record["AliasTarget"] = {
            "DNSName": alias["name"],
            "HostedZoneId": alias["zoneId"],
            "EvaluateTargetHealth": alias["evaluateTargetHealth"],
        }
    for key, member in (("setIdentifier", "SetIdentifier"), ("healthCheckId", "HealthCheckId")):
        if key in inputs:
            record[member] = inputs[key]
    for key, part, member in (
        ("weightedRoutingPolicies", "weight", "Weight"),
        ("latencyRoutingPolicies", "region", "Region"),
        ("failoverRoutingPolicies", "type", "Failover"),
    ):
        for policy in inputs.get(key, ()):
            record[member] = policy[part]
    change = {"Action": "UPSERT", "ResourceRecordSet": record}
    return {"HostedZoneId": inputs["zoneId"], "ChangeBatch": {"Changes": [change]}}


def health_check_members(inputs: Members) -> Members:
    """Return a health check's inputs as the members of CreateHealthCheck."""
    names = {
        "enableSni": "EnableSNI",
        "fqdn": "FullyQualifiedDomainName",
        "invertHealthcheck": "Inverted",
        "ipAddress": "IPAddress",
    }
    own = ("referenceName", "tags", "triggers")
    config = {names.get(key, key[:1].upper() + key[1:]): value for key, value in inputs.items() if key not in own}
    return {"CallerReference": inputs.get("referenceName", "check"), "HealthCheckConfig": config}
