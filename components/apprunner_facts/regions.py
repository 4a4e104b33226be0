"""Where App Runner is offered, and the Route 53 zone that its addresses stand in there."""

from collections.abc import Mapping
from types import MappingProxyType

HOSTED_ZONE_IDS: Mapping[str, str] = MappingProxyType(
    {
        "us-east-1": "Z01915732ZBZKC8D32TPT",
        "us-east-2": "Z0224347AD7KVHMLOX31",
        "us-west-2": "Z02243383FTQ64HJ5772Q",
        "ap-south-1": "Z00855883LBHKTIC4ODF2",
        "ap-southeast-1": "Z09819469CZ3KQ8PWMCL",
        "ap-southeast-2": "Z03657752RA8799S0TI5I",
        "ap-northeast-1": "Z08491812XW6IPYLR6CCA",
        "eu-central-1": "Z0334911C2FDI2Q9M4FZ",
        "eu-west-1": "Z087551914Z2PCAU0QHMW",
        "eu-west-2": "Z098228427VC6B3IX76ON",
        "eu-west-3": "Z087117439MBKHYM69QS6",
    }
)
"""The zone that an ALIAS to an App Runner service names, by region (source.ENDPOINTS)."""


def dns_suffix(partition: str) -> str:
    """Return what the addresses of a partition's services end in."""
    return "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"


def partition_of(region: str) -> str:
    """Return the partition that a region belongs to: aws, aws-cn or aws-us-gov."""
    return next((f"aws-{part}" for part in ("cn", "us-gov") if region.startswith(f"{part}-")), "aws")
