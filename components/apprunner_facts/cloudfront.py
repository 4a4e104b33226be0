"""CloudFront: a distribution before two services, the function that selects one of them, and its key value store."""

import re

from apprunner_facts import source
from apprunner_facts.limits import Range

REGION = "us-east-1"
"""The region of CloudFront's certificates and of the web ACLs with its scope (source.CLOUDFRONT_CERTIFICATES)."""
HOSTED_ZONE_ID = "Z2FDTNDATAQYW2"
"""The hosted zone of all distributions, for alias records (source.CLOUDFRONT_ENDPOINTS)."""

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""The id of AWS's cache policy CachingDisabled (source.CACHE_POLICIES)."""
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""The id of AWS's origin request policy AllViewerExceptHostHeader: all headers, cookies and query strings of the
viewer, and the origin's domain name as Host (source.ORIGIN_REQUEST_POLICIES)."""

RUNTIME = "cloudfront-js-2.0"
"""The runtime with key value stores and with the selection of an origin (source.ORIGIN_MODIFICATION)."""
FUNCTION_BYTES = 10_240
"""Maximum size of a function's code, 10 KB (source.CLOUDFRONT_QUOTAS)."""
COMMENT_LENGTH = 128
"""Maximum length of a distribution's comment, and of a function's (botocore's documentation of DistributionConfig)."""
ORIGIN_READ_TIMEOUT = Range(1, 120, 120, "seconds", source.CLOUDFRONT_QUOTAS)
"""How long CloudFront waits for a response. The default is this library's: App Runner allows a request 120 seconds."""
CUSTOM_HEADER_BYTES = 1_783
"""Maximum length of a header's value that CloudFront adds to a request to an origin (source.CLOUDFRONT_QUOTAS)."""

CERTIFICATE_ARN = re.compile(
    r"arn:aws(?:-[a-z]+)*:acm:us-east-1:[0-9]{12}:certificate/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
"""A certificate that CloudFront accepts."""
WEB_ACL_ARN = re.compile(
    r"arn:aws(?:-[a-z]+)*:wafv2:us-east-1:[0-9]{12}:global/webacl/[A-Za-z0-9_-]{1,128}/[0-9a-f-]{1,36}"
)
"""A web ACL with scope CLOUDFRONT, which is always in us-east-1 (source.ASSOCIATE_WEB_ACL)."""
