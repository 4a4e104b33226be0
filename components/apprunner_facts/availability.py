"""Which AWS accounts can use App Runner."""

from datetime import date

CLOSED_TO_NEW_CUSTOMERS = date(2026, 4, 30)
"""Since this day App Runner is closed to new customers. Existing customers can still create services
(source.AVAILABILITY)."""
SUCCESSOR = "Amazon ECS Express Mode"
"""The service that AWS recommends instead (source.AVAILABILITY)."""
