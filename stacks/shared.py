"""What the services of every environment share; the stack's own file says what differs, and is merged over it."""

from typing import Any

SERVICES: dict[str, dict[str, Any]] = {
    "api": {
        "port": 8000,
        "healthCheck": {"protocol": "HTTP", "path": "/healthz", "interval": 10, "timeout": 5},
        "environment": {"LOG_FORMAT": "json", "DATABASE_NAME": "orders", "DATABASE_USER": "storefront_api"},
        "egress": "orders",
        "tracing": True,
    },
    "admin": {
        "image": {"identifier": "public.ecr.aws/docker/library/adminer:5.4.1"},
        "healthCheck": {"protocol": "HTTP", "path": "/"},
        "egress": "back-office",
    },
}
