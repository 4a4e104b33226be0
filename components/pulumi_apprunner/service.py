"""A web service on AWS App Runner."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import images, names, runtimes
from apprunner_facts.observability import LOG_GROUP, TRACING_VARIABLES
from pulumi_apprunner import advice, lifecycle, service_inputs
from pulumi_apprunner.args.checking import validate
from pulumi_apprunner.args.container import Scaling
from pulumi_apprunner.args.service import AppRunnerServiceArgs
from pulumi_apprunner.lifecycle import Access, WatchedService
from pulumi_apprunner.names import physical_name
from pulumi_apprunner.roles import access_role, instance_role


class AppRunnerService(pulumi.ComponentResource):
    """A web service on AWS App Runner, with its roles, its scaling profile and, where wanted, its tracing.

    ```python
    AppRunnerService(
        "orders-api",
        AppRunnerServiceArgs(
            image=Image(identifier="123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders-api:1.4.2"),
            scaling=Scaling(min_size=2, max_size=10),
            health_check=HealthCheck(protocol="HTTP", path="/healthz"),
        ),
    )
    ```

    A change of service_name or kms_key_arn, or between image and code, replaces the service: the old one is deleted
    first, since its name is unique, so it is away for some minutes. Everything else is updated in place.

    Args:
        name: The component's name; its children are called after it.
        args: What to run and how: AppRunnerServiceArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: Arguments that break a rule, all of them at once.
    """

    arn: Output[str]
    """The service's ARN."""
    service_id: Output[str]
    """The last part of the ARN, by which metrics and log groups are called."""
    service_name: Output[str]
    """The service's name in App Runner."""
    url: Output[str | None]
    """The address that App Runner gives it, https://... Of a private service the DNS target of its domains, which only
    its VPC endpoints reach (the deployer needs apprunner:DescribeCustomDomains); None where AWS returns none."""
    status: Output[str]
    """RUNNING, PAUSED, OPERATION_IN_PROGRESS or CREATE_FAILED, when it was last read."""
    instance_role_arn: Output[str]
    """The role that the application runs under."""
    instance_role_name: Output[str] | None
    """Its name, to attach more policies to; None for a role that was passed in."""
    access_role_arn: Output[str] | None
    """The role that pulls a private image; None for other sources."""
    access_role_name: Output[str] | None
    """Its name; None where no role was made."""
    application_log_group: Output[str]
    """The log group of what the application writes."""
    service_log_group: Output[str]
    """The log group of App Runner's own events: deployments and their failures."""

    def __init__(
        self, name: str, args: AppRunnerServiceArgs | Mapping[str, Any], opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class describes the arguments.

        Raises:
            ArgsError: Arguments of AppRunnerService that break a rule, all of them at once.
        """
        args = validate(AppRunnerServiceArgs, "AppRunnerService", name, args)
        super().__init__("apprunner:index:AppRunnerService", name, {}, opts)
        child = ResourceOptions(parent=self)
        service_name = args.service_name or physical_name(names.SERVICE, name)
        identifier = service_inputs.image_identifier(name, args)
        self._say_what_is_odd(args)
        advice.warn_of_options(self, opts)

        access = access_role(name, args, identifier, child)
        instance = instance_role(name, args, child)
        settings: dict[str, Any] = {
            "source_configuration": service_inputs.source(name, service_name, args, identifier, access and access.arn),
            "instance_configuration": service_inputs.instance(args, instance.arn),
            "auto_scaling_configuration_arn": self._scaling(name, args),
            "health_check_configuration": service_inputs.health_check(args.health_check),
            "network_configuration": service_inputs.network(args),
            "observability_configuration": self._observability(name, args),
        }
        watched = WatchedService(name, args.lifecycle, Access.of(args.lifecycle), settings)
        service = aws.apprunner.Service(
            f"{name}-service",
            service_name=service_name,
            **settings,
            encryption_configuration=None if args.kms_key_arn is None else {"kms_key": args.kms_key_arn},
            tags=args.tags,
            opts=ResourceOptions(
                parent=self,
                depends_on=[*(access.grants if access else ()), *instance.grants],
                protect=args.protect,
                delete_before_replace=True,
                replacement_trigger="image" if args.image else "code",
                # pulumi-aws sends nothing for a block that goes, and App Runner refuses an update that is empty.
                ignore_changes=["observability_configuration"] if args.tracing is None else None,
                hooks=lifecycle.service_hooks(f"{name}-service", watched),
            ),
        )
        lifecycle.verify_at_shutdown(watched, service.id)

        advice.warn_of_service(self, args, identifier, service.arn)

        self.arn = service.arn
        self.service_id = service.service_id
        self.service_name = service.service_name
        self.url = service.service_url.apply(lambda host: f"https://{host}" if host else None)
        self.status = service.status
        self.instance_role_arn, self.instance_role_name = instance.arn, instance.name
        self.access_role_arn, self.access_role_name = (access.arn, access.name) if access else (None, None)
        # App Runner makes both groups itself, so they cannot be made before (apprunner_facts.source.LOGS).
        self.application_log_group = service.service_id.apply(
            lambda id: id and LOG_GROUP.format(service_name=service_name, service_id=id, kind="application")
        )
        self.service_log_group = service.service_id.apply(
            lambda id: id and LOG_GROUP.format(service_name=service_name, service_id=id, kind="service")
        )
        self.register_outputs(
            {
                "arn": self.arn,
                "serviceId": self.service_id,
                "serviceName": self.service_name,
                "url": self.url,
                "status": self.status,
                "instanceRoleArn": self.instance_role_arn,
                "instanceRoleName": self.instance_role_name,
                "accessRoleArn": self.access_role_arn,
                "accessRoleName": self.access_role_name,
                "applicationLogGroup": self.application_log_group,
                "serviceLogGroup": self.service_log_group,
            }
        )

    def _scaling(self, name: str, args: AppRunnerServiceArgs) -> pulumi.Input[str]:
        """Return the scaling profile's ARN, the revision in it.

        A profile cannot change, and none in use can be deleted: every new number makes the next revision, which the
        service takes before the old one goes. So this must never be deleted before it is replaced.
        """
        if args.auto_scaling_configuration_arn is not None:
            return args.auto_scaling_configuration_arn
        numbers = args.scaling or Scaling()
        return aws.apprunner.AutoScalingConfigurationVersion(
            f"{name}-scaling",
            auto_scaling_configuration_name=physical_name(names.AUTO_SCALING_CONFIGURATION, name),
            min_size=numbers.min_size,
            max_size=numbers.max_size,
            max_concurrency=numbers.max_concurrency,
            tags=args.tags,
            opts=ResourceOptions(parent=self, hooks=lifecycle.configuration_hooks(f"{name}-scaling")),
        ).arn

    def _observability(
        self, name: str, args: AppRunnerServiceArgs
    ) -> aws.apprunner.ServiceObservabilityConfigurationArgsDict | None:
        if args.tracing is None:
            return None
        if not args.tracing:
            return {"observability_enabled": False}
        arn = args.observability_configuration_arn
        if arn is None:
            arn = aws.apprunner.ObservabilityConfiguration(
                f"{name}-observability",
                observability_configuration_name=physical_name(names.OBSERVABILITY_CONFIGURATION, name),
                trace_configuration={"vendor": "AWSXRAY"},
                tags=args.tags,
                opts=ResourceOptions(parent=self, hooks=lifecycle.configuration_hooks(f"{name}-observability")),
            ).arn
        return {"observability_enabled": True, "observability_configuration_arn": arn}

    def _say_what_is_odd(self, args: AppRunnerServiceArgs) -> None:
        """Warn of what AWS takes and does nothing useful with."""
        if args.code and args.code.runtime:
            end = runtimes.END_OF_SUPPORT[args.code.runtime]
            if end is not None and end <= date.today():
                pulumi.log.warn(f"code.runtime: AWS's support for {args.code.runtime} ended on {end}", self)
        if args.tracing and args.code and args.code.configuration_source == "REPOSITORY":
            pulumi.log.warn(
                f"tracing: write {', '.join(TRACING_VARIABLES)} into apprunner.yaml, which says the variables here",
                self,
            )
        if args.ip_address_type == "DUAL_STACK" and not args.is_publicly_accessible:
            pulumi.log.warn(
                "ip_address_type: AWS's guide knows DUAL_STACK for public services only, and this one is private", self
            )
        identifier = args.image.identifier if args.image else None
        if args.auto_deployments_enabled and isinstance(identifier, str):
            image = images.parse_image(identifier)
            if image and image.digest:
                pulumi.log.warn(
                    "auto_deployments_enabled: a digest never changes, so nothing is deployed for the $1 a month: "
                    "name the image by a tag, or switch it off",
                    self,
                )
