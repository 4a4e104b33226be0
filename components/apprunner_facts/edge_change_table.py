"""The table of what a change of each property does, for the types of CloudFront and AWS WAF."""

from collections.abc import Mapping

from apprunner_facts import tokens
from apprunner_facts.type_changes import NOT_READ, TypeChanges

EDGE_TYPES: Mapping[str, TypeChanges] = {
    tokens.DISTRIBUTION: TypeChanges(
        "cloudfront/distribution.go",
        "023c8e5cf1eeec38d589281d77a7a960068ae20c",
        replaces="staging",
        updates="aliases anycastIpListId cacheTagConfig comment connectionFunctionAssociation "
        "continuousDeploymentPolicyId customErrorResponses defaultCacheBehavior defaultRootObject enabled httpVersion "
        "isIpv6Enabled loggingConfig orderedCacheBehaviors originGroups origins priceClass restrictions retainOnDelete "
        "tags viewerCertificate viewerMtlsConfig waitForDeployment webAclId",
        computed="continuousDeploymentPolicyId defaultCacheBehavior.defaultTtl defaultCacheBehavior.maxTtl "
        "defaultCacheBehavior.trustedKeyGroups defaultCacheBehavior.trustedSigners "
        "restrictions.geoRestriction.locations",
        notes={
            "anycastIpListId": NOT_READ,
            "cacheTagConfig": NOT_READ,
            "connectionFunctionAssociation": NOT_READ,
            "retainOnDelete": "affects only the deletion",
            "viewerMtlsConfig": NOT_READ,
            "waitForDeployment": "affects only how long an update takes",
        },
    ),
    tokens.EDGE_FUNCTION: TypeChanges(
        "cloudfront/function.go",
        "0b7740999b9986c505efc94bb82d14d447d1a53e",
        replaces="name",
        updates="code comment keyValueStoreAssociations publish runtime tags",
        notes={"tags": NOT_READ},
    ),
    tokens.KEY_VALUE_STORE: TypeChanges(
        "cloudfront/key_value_store.go",
        "0392321f87675265978509bebc7443f1bc7d331f",
        replaces="name",
        updates="comment tags timeouts",
        notes={"tags": NOT_READ, "timeouts": "affects only the creation"},
    ),
    tokens.KEY_VALUE_STORE_KEY: TypeChanges(
        "cloudfrontkeyvaluestore/key.go",
        "002ee54137e7ac55e44390a5fbecf2c2e804598d",
        replaces="key keyValueStoreArn",
        updates="value",
    ),
    tokens.WEB_ACL: TypeChanges(
        "wafv2/web_acl.go",
        "0073593e7d6993ba482409f4dc35438daaa79bb3",
        replaces="name namePrefix region scope",
        updates="associationConfig captchaConfig challengeConfig customResponseBodies dataProtectionConfig "
        "defaultAction description monetizationConfig ruleJson rules tags tokenDomains visibilityConfig",
        computed="name namePrefix",
        notes={"monetizationConfig": NOT_READ},
    ),
    tokens.WEB_ACL_ASSOCIATION: TypeChanges(
        "wafv2/web_acl_association.go",
        "011a8eed43ed7763ef9de18cbb776eb29c762452",
        replaces="region resourceArn webAclArn",
    ),
    tokens.WEB_ACL_LOGGING: TypeChanges(
        "wafv2/web_acl_logging_configuration.go",
        "012f18cf44eca0a93072002dafc5e45823fc281e",
        replaces="logDestinationConfigs region resourceArn",
        updates="loggingFilter redactedFields",
    ),
}
"""By resource type."""
