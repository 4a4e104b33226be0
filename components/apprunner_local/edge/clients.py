# pyright: standard
"""boto3's client for the keys of CloudFront's key value stores, connected to a local address."""

import re
from typing import Any

import boto3
from botocore.config import Config

KEYS = "cloudfront-keyvaluestore"
"""boto3's name of the service."""


def make_client(session: boto3.Session, service: str, config: Config, **settings: Any) -> Any:
    """Return a session's client for a service, also for that of the keys.

    For the keys botocore signs with sigv4a, which requires another package, and puts the account before the address.
    """
    make: Any = session.client
    if service != KEYS:
        return make(service, config=config, **settings)
    client = make(service, config=config.merge(Config(signature_version="v4")), **settings)
    client.meta.events.register(f"before-sign.{KEYS}", _remove_account)
    return client


def _remove_account(request: Any, **_: Any) -> None:
    request.url = re.sub(r"://[0-9]{12}\.", "://", request.url)
