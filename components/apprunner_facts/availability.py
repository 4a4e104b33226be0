"""Who may use App Runner."""

from datetime import date

CLOSED_TO_NEW_CUSTOMERS = date(2026, 4, 30)
"""From that day on AWS takes no new customers; who was one goes on, with new services too (source.AVAILABILITY)."""
SUCCESSOR = "Amazon ECS Express Mode"
"""What AWS recommends in its place (source.AVAILABILITY)."""
