"""The subject of all programs: a shop with many small services."""

from collections.abc import Iterator
from dataclasses import dataclass

ACCOUNT = "123456789012"
REGION = "eu-west-1"

VPC_ID = "vpc-0a1b2c3d4e5f60718"
SUBNET_IDS = ["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"]
DATABASE_GROUP_ID = "sg-0c1d2e3f405162738"
DATABASE_PORT = 5432

ZONE_ID = "Z0123456789ABCDEFGHIJ"
ZONE_NAME = "example.com"
KMS_KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"


@dataclass(frozen=True)
class Service:
    """One service, with its own image, host, environment, secrets and tags."""

    name: str

    @property
    def image(self) -> str:
        return f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/shop/{self.name}:1.4.2"

    @property
    def host(self) -> str:
        return f"{self.name}.{ZONE_NAME}"

    @property
    def environment(self) -> dict[str, str]:
        return {"LOG_LEVEL": "info", "DATABASE_HOST": f"{self.name}.db.internal.example.com"}

    @property
    def secret_arn(self) -> str:
        return f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop/{self.name}-AbCdEf"

    @property
    def parameter(self) -> str:
        return f"/shop/{self.name}/feature-flags"

    @property
    def tags(self) -> dict[str, str]:
        return {"team": "commerce", "environment": "prod", "service": self.name}


def services(count: int) -> Iterator[Service]:
    """Return the first `count` services of the shop."""
    return (Service(f"api-{number:03}") for number in range(1, count + 1))
