"""How a service is reached."""

IP_ADDRESS_TYPES = ("IPV4", "DUAL_STACK")
"""Under which addresses; AWS's default comes first (source.NETWORK_CONFIGURATION)."""
REQUESTS_ENDPOINT = "com.amazonaws.{region}.apprunner.requests"
"""The endpoint service that leads to private services: it stands in AWS Copilot's template of private services, and as
APP_RUNNER_REQUESTS in the CDK. Without ".requests" it is App Runner's own API (source.PRIVATE_ENDPOINTS)."""
