"""A role, and a component that creates one."""

from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

ROLE = "aws:iam/role:Role"


def role(name: str, **options: Any) -> aws.iam.Role:
    return aws.iam.Role(name, assume_role_policy="{}", opts=ResourceOptions(**options))


class Team(pulumi.ComponentResource):
    def __init__(self, name: str, opts: ResourceOptions | None = None) -> None:
        super().__init__("acme:index:Team", name, {}, opts)
        self.role = role(f"{name}-role", parent=self)
        self.register_outputs({"roleArn": self.role.arn})
