# pyright: standard
"""The caller of AWS."""

import boto3

from apprunner_local.provider.resource import Properties


def session(settings: Properties, region: str) -> boto3.Session:
    """Return the caller's session: the settings' profile or keys, and then each role that they assume, in order."""
    session = boto3.Session(
        profile_name=settings.get("profile"),
        aws_access_key_id=settings.get("accessKey"),
        aws_secret_access_key=settings.get("secretKey"),
        aws_session_token=settings.get("token"),
        region_name=region,
    )
    for role in settings.get("assumeRoles") or ():
        name = role.get("sessionName") or "pulumi"
        assumed = session.client("sts").assume_role(RoleArn=role["roleArn"], RoleSessionName=name)["Credentials"]
        session = boto3.Session(
            aws_access_key_id=assumed["AccessKeyId"],
            aws_secret_access_key=assumed["SecretAccessKey"],
            aws_session_token=assumed["SessionToken"],
            region_name=region,
        )
    return session
