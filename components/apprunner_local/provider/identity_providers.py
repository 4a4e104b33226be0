# pyright: standard
"""IAM's identity providers, which are global."""

from typing import Any

from apprunner_facts import tokens
from apprunner_local.provider.calls import Aws
from apprunner_local.provider.differences import as_set
from apprunner_local.provider.resource import Properties, Resource


def _without_scheme(url: Any) -> Any:
    # [P: iam/openid_connect_provider.go] The URL of an identity provider with and without https:// is the same.
    return url.removeprefix("https://") if isinstance(url, str) else url


class OpenIdConnectProvider(Resource):
    """An OpenID Connect provider; its id is its ARN. An account has one for each URL."""

    token = tokens.OPEN_ID_CONNECT_PROVIDER
    noun = "IAM OIDC Provider"
    service = "iam"
    creates, reads, deletes = (
        "CreateOpenIDConnectProvider",
        "GetOpenIDConnectProvider",
        "DeleteOpenIDConnectProvider",
    )
    identity = {"OpenIDConnectProviderArn": "arn"}
    names = {"clientIdLists": "ClientIDList", "thumbprintLists": "ThumbprintList", "arn": "OpenIDConnectProviderArn"}
    normal = {"url": _without_scheme, "clientIdLists": as_set}
    not_found_codes = frozenset({"NoSuchEntity", "NoSuchEntityException"})
    provider_only = frozenset()

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        answer = aws.call("iam", self.creates, self.members(aws, self.creates, inputs))
        return str(answer["OpenIDConnectProviderArn"]), {}

    def describe(self, aws: Aws, id: str) -> Properties | None:
        described = super().describe(aws, id)
        return described and {**described, "OpenIDConnectProviderArn": id}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        # [P: iam/openid_connect_provider.go] An empty list of thumbprints is not sent.
        if "clientIdLists" in changed:
            raise LookupError("clientIdLists: moto has no call that changes the audiences of an identity provider")
        if new.get("thumbprintLists"):
            members = {**self.key(id), "ThumbprintList": new["thumbprintLists"]}
            aws.call("iam", "UpdateOpenIDConnectProviderThumbprint", members)

    def tags(self, aws: Aws, state: Properties) -> Properties:
        return {}  # GetOpenIDConnectProvider returns them

    def tag(self, aws: Aws, state: Properties, taken: list[str], properties: Properties) -> None:
        tag, untag = "TagOpenIDConnectProvider", "UntagOpenIDConnectProvider"
        self._tag_by(aws, self.key(str(state["arn"])), taken, properties, tag, untag)
