"""Inbound traffic: how clients reach a service."""

IP_ADDRESS_TYPES = ("IPV4", "DUAL_STACK")
"""The values of IpAddressType; AWS's default is the first (source.NETWORK_CONFIGURATION)."""
REQUESTS_ENDPOINT = "com.amazonaws.{region}.apprunner.requests"
"""The endpoint service for requests to private services. Source: AWS Copilot's template for private services, and
APP_RUNNER_REQUESTS in the CDK. The name without ".requests" is App Runner's own API (source.PRIVATE_ENDPOINTS)."""
REQUESTS_PORT = 443
"""The port of this endpoint: App Runner's addresses are https:// (source.PRIVATE_ENDPOINTS)."""
