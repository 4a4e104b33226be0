"""A web service on AWS App Runner."""

from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from apprunner_facts.observability import LOG_GROUP
from pulumi_apprunner import advice, lifecycle, service_inputs
from pulumi_apprunner.args.checking import validate
from pulumi_apprunner.args.container import Scaling
from pulumi_apprunner.args.dicts import AppRunnerServiceArgsDict
from pulumi_apprunner.args.service import AppRunnerServiceArgs
from pulumi_apprunner.lifecycle import Access, WatchedService
from pulumi_apprunner.names import physical_name
from pulumi_apprunner.regions import region_of_service, require_connector_region
from pulumi_apprunner.roles import access_role, instance_role
from pulumi_apprunner.settling import settle
from pulumi_apprunner.web_acl import associate_web_acl


class AppRunnerService(pulumi.ComponentResource):
    """A web service on AWS App Runner with its roles, its scaling profile and, if enabled, its tracing.

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

    A change of service_name or kms_key_arn, or between image and code, replaces the service. The old service is deleted
    first, because the name must be unique, so the service is unavailable for some minutes. Other changes update it in
    place.

    Args:
        name: The component's name and the prefix of its children's names.
        args: The service's settings: AppRunnerServiceArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: All invalid arguments.
    """

    arn: Output[str]
    """The service's ARN."""
    service_id: Output[str]
    """The last part of the ARN, which the names of metrics and log groups contain."""
    service_name: Output[str]
    """The service's name in App Runner."""
    url: Output[str | None]
    """The default address, https://... For a private service it is the DNS target of its domains, reachable only
    through its VPC endpoints (the deployer needs apprunner:DescribeCustomDomains). None if AWS returns none."""
    status: Output[str]
    """The status when it was last read: RUNNING, PAUSED, OPERATION_IN_PROGRESS or CREATE_FAILED."""
    instance_role_arn: Output[str]
    """The application's role."""
    instance_role_name: Output[str] | None
    """The name of the application's role, to attach more policies; None if the arguments set the role's ARN."""
    access_role_arn: Output[str] | None
    """The role that pulls a private image; None for other sources."""
    access_role_name: Output[str] | None
    """The name of the access role; None if the component does not create it."""
    application_log_group: Output[str]
    """The log group of the application's output."""
    service_log_group: Output[str]
    """The log group of App Runner's events: deployments and their failures."""

    def __init__(
        self, name: str, args: AppRunnerServiceArgs | AppRunnerServiceArgsDict, opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of AppRunnerService.
        """
        valid = validate(AppRunnerServiceArgs, "AppRunnerService", name, args)
        args = settle(name, valid)
        super().__init__("apprunner:index:AppRunnerService", name, {}, opts)
        child = ResourceOptions(parent=self)
        args.vpc_connector_arn = require_connector_region(name, args.vpc_connector_arn, region_of_service(self))
        service_name = args.service_name or physical_name(names.SERVICE, name)
        advice.warn_about_options(self, opts)

        access = access_role(name, args, child)
        instance = instance_role(name, args, child)
        settings: dict[str, Any] = {
            "source_configuration": service_inputs.source(service_name, args, access and access.arn),
            "instance_configuration": service_inputs.instance(args, instance.arn),
            "auto_scaling_configuration_arn": self._scaling(name, args),
            "health_check_configuration": service_inputs.health_check(args.health_check),
            "network_configuration": service_inputs.network(args),
            "observability_configuration": self._observability(name, args),
        }
        keeps_image = args.image is not None and args.image.managed_by == "ci"
        wanted = service_inputs.without_image(settings) if keeps_image else settings
        watched = WatchedService(name, args.lifecycle, Access.of(args.lifecycle), wanted, keeps_image)
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
                ignore_changes=[
                    # pulumi-aws sends nothing for a removed block, and App Runner rejects an empty update.
                    *(["observability_configuration"] if args.tracing is None else []),
                    *(["sourceConfiguration.imageRepository.imageIdentifier"] if keeps_image else []),
                ],
                hooks=lifecycle.service_hooks(f"{name}-service", watched),
            ),
        )
        lifecycle.verify_at_shutdown(watched, service.id)
        associate_web_acl(name, args, service, self)

        advice.warn_about_service(self, valid, service.arn)

        self.arn = service.arn
        self.service_id = service.service_id
        self.service_name = service.service_name
        self.url = service.service_url.apply(lambda host: f"https://{host}" if host else None)
        self.status = service.status
        self.instance_role_arn, self.instance_role_name = instance.arn, instance.name
        self.access_role_arn, self.access_role_name = (access.arn, access.name) if access else (None, None)
        # App Runner creates both groups, so the component cannot (apprunner_facts.source.LOGS).
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
        """Return the ARN of the scaling profile's revision.

        A profile cannot be updated, and a profile in use cannot be deleted. A change creates a new revision, and the
        service is updated before the old revision is deleted. So never set `delete_before_replace` here.
        """
        if args.auto_scaling_configuration_arn is not None:
            return args.auto_scaling_configuration_arn
        advice.warn_about_scaling_profiles(self)
        scaling = args.scaling or Scaling()
        return aws.apprunner.AutoScalingConfigurationVersion(
            f"{name}-scaling",
            auto_scaling_configuration_name=physical_name(names.AUTO_SCALING_CONFIGURATION, name),
            min_size=scaling.min_size,
            max_size=scaling.max_size,
            max_concurrency=scaling.max_concurrency,
            tags=args.tags,
            opts=ResourceOptions(parent=self, hooks=lifecycle.configuration_hooks(f"{name}-scaling")),
        ).arn

    def _observability(
        self, name: str, args: AppRunnerServiceArgs
    ) -> "aws.apprunner.ServiceObservabilityConfigurationArgsDict | None":
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
