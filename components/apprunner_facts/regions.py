"""The regions with App Runner, and the Route 53 hosted zones of its addresses."""

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
"""The hosted zone for an ALIAS record to an App Runner service, by region (source.ENDPOINTS)."""


_PARTITIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "cn-": ("aws-cn", "amazonaws.com.cn"),
        "us-gov-": ("aws-us-gov", "amazonaws.com"),
        "us-iso-": ("aws-iso", "c2s.ic.gov"),
        "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
        "eu-isoe-": ("aws-iso-e", "cloud.adc-e.uk"),
        "us-isof-": ("aws-iso-f", "csp.hci.ic.gov"),
        "eusc-": ("aws-eusc", "amazonaws.eu"),
    }
)
"""Partitions other than aws and their DNS suffixes, by the beginning of their regions (botocore's partitions.json)."""


def dns_suffix(partition: str) -> str:
    """Return the DNS suffix of a partition's endpoints."""
    return dict(_PARTITIONS.values()).get(partition, "amazonaws.com")


def partition_of(region: str) -> str:
    """Return a region's partition, such as aws-cn; aws for any other."""
    return next((name for prefix, (name, _) in _PARTITIONS.items() if region.startswith(prefix)), "aws")
