"""The settings that the services share in all environments. The settings in a stack file override them."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    "services": {
        "api": {
            "port": 8000,
            "health_check": {"protocol": "HTTP", "path": "/healthz", "interval": 10, "timeout": 5},
            "environment": {"LOG_FORMAT": "json", "DATABASE_NAME": "orders", "DATABASE_USER": "storefront_api"},
            "egress": "orders",
            "firewall": "public",
            "tracing": True,
            "rotation": {},
            "log_retention_days": 30,
            "monitoring": {"topic": "on-call", "queries": {"log_format": "json"}},
        },
        "admin": {
            "image": {"identifier": "public.ecr.aws/docker/library/adminer:5.4.1"},
            "health_check": {"protocol": "HTTP", "path": "/"},
            "egress": "back-office",
            "is_publicly_accessible": False,
            "ingress": "internal",
            "scaling_profile": "small",
            "log_retention_days": 30,
            "monitoring": {"topic": "on-call"},
        },
    },
}
