"""The services of one environment and what they share."""

from collections.abc import Mapping
from typing import Any, Self

import pulumi
from pulumi import ResourceOptions

from pulumi_apprunner import advice
from pulumi_apprunner.args.checking import validate
from pulumi_apprunner.args.dicts import FleetArgsDict
from pulumi_apprunner.args.fleet import FleetArgs
from pulumi_apprunner.args.fleet_rules import problems_of_fleet
from pulumi_apprunner.fleet import preview
from pulumi_apprunner.fleet.config import read_fleet
from pulumi_apprunner.fleet.names import claim_names
from pulumi_apprunner.fleet.passing import merge_tags
from pulumi_apprunner.fleet.sections import create_shared
from pulumi_apprunner.fleet.service import FleetServiceOutputs, create_service


class Fleet(pulumi.ComponentResource):
    """The services of one environment, with their VPC connectors, secrets, domains, pauses and monitoring.

    ```python
    fleet = Fleet(
        "storefront",
        FleetArgs(
            environment="staging",
            services={
                "api": FleetService(
                    image=Image(identifier="123456789012.dkr.ecr.eu-west-1.amazonaws.com/storefront/api:4.18.2"),
                    secrets={"FEATURE_FLAGS": SecretSource(parameter_name="/storefront/staging/feature-flags")},
                ),
            },
        ),
    )
    pulumi.export("services", fleet.services)
    ```

    `Fleet.from_config` reads the same arguments from the stack's configuration.

    The names of its components come from the arguments and do not contain the Fleet's name. What services share has its
    key as its name, such as `orders` in `egress`, and a domain its host. The service `api` creates the components
    `api`, `api-secrets`, `api-ingress`, `api-hours`, `api-retention` and `api-monitoring`, as far as it has these keys.
    So the names of a kind must be unique in a program with several Fleets.

    Args:
        name: The component's name.
        args: The services and what they share: FleetArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: Arguments are invalid (the error lists all), or another Fleet of the program has the same names.
    """

    services: Mapping[str, FleetServiceOutputs]
    """The outputs of each service, by its name."""

    def __init__(self, name: str, args: FleetArgs | FleetArgsDict, opts: ResourceOptions | None = None) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of Fleet, or names that another Fleet has.
        """
        valid = validate(FleetArgs, "Fleet", name, args, problems_of_fleet)
        args = preview.with_preview(valid)
        if args.preview is not None:
            preview.require_deletable(name, opts)
        claim_names(name, args)
        super().__init__("apprunner:index:Fleet", name, preview.properties(args), opts)
        advice.warn_about_options(self, opts)
        if args.preview is not None:
            pulumi.log.info(preview.describe(valid, args), self)
            preview.warn_about_expiry(self, args.preview)
        tags = merge_tags(args.tags, {"environment": args.environment, "project": pulumi.get_project()})
        child = ResourceOptions(parent=self)

        shared = create_shared(args, tags, child)
        self.services = {
            key: create_service(key, service, args, shared, merge_tags(tags, service.tags), child)
            for key, service in args.services.items()
        }
        self.register_outputs({"services": self.services})

    @classmethod
    def from_config(
        cls, name: str, defaults: Mapping[str, Any] | None = None, opts: ResourceOptions | None = None
    ) -> Self:
        """Return a Fleet with the arguments in the stack's configuration.

        ```python
        pulumi.export("services", Fleet.from_config("storefront").services)
        ```

        The keys of the configuration are the arguments of FleetArgs in the project's namespace, in camelCase:
        `storefront:services`. Every key in that namespace must be one of them. In a stack file, `null` removes a
        default.

        Args:
            name: The component's name.
            defaults: Defaults for arguments, a mapping in snake_case or camelCase. The configuration overrides them at
                every depth. A service in it is created only if the configuration has its name too. Default: none.
            opts: As for the class.

        Raises:
            ArgsError: The configuration has invalid values, unknown keys, keys in a misspelled namespace or encrypted
                values. The error lists all, with the stack file's name and paths.
        """
        return cls(name, read_fleet(defaults or {}), opts)
