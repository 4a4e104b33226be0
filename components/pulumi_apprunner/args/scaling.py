"""The arguments of ScalingProfile."""

from dataclasses import field

from pydantic import StrictBool

from pulumi_apprunner.args.checking import args_type
from pulumi_apprunner.args.container import Scaling
from pulumi_apprunner.args.values import Tags


@args_type
class ScalingProfileArgs(Scaling):
    """The arguments of a ScalingProfile: the number of instances of each service that uses it."""

    account_default: StrictBool = False
    """Whether the profile becomes the default of its account and region. App Runner assigns it to each new service that
    sets no profile, also in other stacks; existing services keep theirs. Pulumi then deletes no revision, because
    services that it does not manage may use them. Default: false."""

    tags: Tags = field(default_factory=dict[str, str])
    """Tags of the profile. Do not store secrets in tags: pulumi-aws keeps them in plain text in the state. Default:
    none."""
