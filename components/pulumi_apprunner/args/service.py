"""The arguments of AppRunnerService."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Annotated, Any, Literal, cast

from pydantic import StrictBool, StringConstraints, ValidationInfo, field_validator

from apprunner_facts import arns, images, limits, names
from pulumi_apprunner.args.annotations import Bounds, Fix, Sensitive
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.container import BoundSecrets, HealthCheck, Scaling, Size
from pulumi_apprunner.args.errors import invalid, invalid_paths
from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.args.paths import Path
from pulumi_apprunner.args.source import Code, Command, Image
from pulumi_apprunner.args.values import (
    Environment,
    KmsKeyArn,
    Name,
    PolicyArn,
    PolicyDocument,
    RoleArn,
    ScalingProfileArn,
    Tags,
    WebAclArn,
    aws_assigned,
    aws_name,
    display_secret_name,
    ends_names_of,
)

DEPLOYMENT_VARIABLE = "APPRUNNER_DEPLOYMENT"
"""The environment variable that holds `redeploy_trigger`."""


def duplicate_variables(
    redeploy_trigger: str | None,
    bindings: Sequence[str | None],
    environment: Mapping[str, Any],
    *secrets: Mapping[str, Any],
) -> dict[Path, str]:
    """Return the messages about variables that are set twice, by path.

    Args:
        redeploy_trigger: The argument of this name, which also sets a variable.
        bindings: For each item of `secrets`, the name of its SecretsBinding; None without one.
        environment: The environment variables.
        secrets: For each of `bindings`, the references by variable.
    """
    problems: dict[Path, str] = {}
    setters = {} if redeploy_trigger is None else {DEPLOYMENT_VARIABLE: "redeploy_trigger"}
    maps: list[tuple[Path, str, Mapping[str, Any]]] = [(("environment",), "environment", environment)]
    for index, (binding, value_from) in enumerate(zip(bindings, secrets, strict=True)):
        label = f'SecretsBinding "{binding}"' if binding else f"secrets[{index}]"
        maps.append((("secrets", index, "value_from"), label, value_from))
    for path, label, variables in maps:
        for name in variables:
            if name in setters:
                both = f"{label} and {setters[name]} both set {'it' if display_secret_name(name, 0) != name else name}"
                problems[*path, name] = f"must be set once, but {both}. Remove one of them"
            setters.setdefault(name, label)
    return problems


@args_type
class InstanceRole:
    """The role of the application: a new one with these permissions, or an existing one."""

    arn: In[RoleArn] | None = None
    """The ARN of an existing role that trusts tasks.apprunner.amazonaws.com. You must grant all its permissions, also
    those to read secrets. Default: the component creates a role."""

    policy_arns: Mapping[Annotated[Name, ends_names_of("instance-policy")], In[PolicyArn]] = field(
        default_factory=dict[str, str]
    )
    """ARNs of policies to attach, each under a key of your choice. Default: none."""

    policy_documents: Sequence[In[PolicyDocument]] = ()
    """Policy documents (JSON) whose statements are added to the role. Default: none."""

    @field_validator("policy_arns", "policy_documents")
    @classmethod
    def _is_for_a_created_role(cls, value: Any, info: ValidationInfo) -> Any:
        if value and info.data.get("arn") is not None:
            raise invalid("must not be set with arn", "Add the permissions where that role is created")
        return value


@args_type
class ServiceSettings:
    """A service without its secrets: an image or code, and how it runs. One of `image` and `code` is required."""

    image: Image | None = None
    """The container image to run."""

    code: Code | None = None
    """The source code to build and run. A change between image and code replaces the service."""

    port: Annotated[int, Bounds(limits.PORT)] = limits.PORT.default
    """The TCP port that the application listens on, 1 to 65535. App Runner sets the variable PORT to it. Default:
    8080."""

    environment: Environment = field(default_factory=dict[str, str])
    """Environment variables by name; names and values have at most 51,200 characters. AWS shows them in plain text: put
    secrets into `secrets`. Default: none."""

    start_command: Command | None = None
    """The command that starts the application, one line. Most runtimes of code require it. Default: the image's own."""

    size: Size | None = None
    """CPU and memory of one instance. Default: 1 vCPU and 2 GB."""

    scaling: Scaling | None = None
    """The number of instances, which App Runner scales by concurrent requests. The component creates a scaling profile
    for this service. Default: AWS's default, 1 to 25 instances with 100 concurrent requests each."""

    auto_scaling_configuration_arn: In[ScalingProfileArn] | None = None
    """The ARN of a scaling profile that several services share, instead of `scaling`. Pass the full ARN, with revision
    and id: without a revision AWS uses the latest one, and every `up` shows an update. Default: none."""

    health_check: HealthCheck = field(default_factory=HealthCheck)
    """How App Runner checks instance health. Default: TCP every 5 seconds."""

    auto_deployments_enabled: StrictBool = False
    """Whether App Runner deploys new images of the tag, or new commits, for $1 a month. Default: false."""

    is_publicly_accessible: StrictBool = True
    """Whether the service is reachable from the internet. If false, it is reachable only through the VPC endpoint of a
    PrivateIngress. Default: true."""

    web_acl_arn: In[WebAclArn] | None = None
    """The ARN of the web ACL that protects the service, such as WebFirewall.arn: scope REGIONAL, in the service's
    region. A private service requires one without rules on the caller's address. Default: none."""

    ip_address_type: Literal["IPV4", "DUAL_STACK"] = "IPV4"
    """The address types of the public endpoint. Default: IPV4."""

    vpc_connector_arn: (
        In[
            Annotated[
                str,
                aws_assigned(
                    arns.VPC_CONNECTOR,
                    "the ARN of a VPC connector (arn:aws:apprunner:REGION:ACCOUNT:vpcconnector/NAME/1/ID)",
                ),
            ]
        ]
        | None
    ) = None
    """The ARN of a VPC connector, such as VpcEgress.vpc_connector_arn. All outgoing traffic then uses its VPC. Default:
    none; traffic goes directly to the internet."""

    kms_key_arn: In[KmsKeyArn] | None = None
    """The ARN of the KMS key that encrypts the image copy and logs. A change replaces the service. Default: an AWS
    managed key."""

    tracing: StrictBool | None = None
    """Whether the service sends traces to AWS X-Ray. True creates the configuration, grants the instance role access
    and sets OTEL_* variables. False disables tracing. Unset keeps the service's current setting (disabled for a new
    one), so removing True keeps tracing enabled: set False to disable it. Default: unset."""

    observability_configuration_arn: (
        In[
            Annotated[
                str,
                aws_assigned(
                    arns.OBSERVABILITY_CONFIGURATION,
                    "the ARN of an observability configuration "
                    "(arn:aws:apprunner:REGION:ACCOUNT:observabilityconfiguration/NAME[/REVISION[/ID]])",
                ),
            ]
        ]
        | None
    ) = None
    """The full ARN of a tracing configuration that several services share. Requires `tracing`. Default: the component
    creates one for this service."""

    instance_role: InstanceRole = field(default_factory=InstanceRole)
    """The role of the application. Default: a new role that may only read the secrets in `secrets`."""

    access_role_arn: In[RoleArn] | None = None
    """The ARN of an existing role that trusts build.apprunner.amazonaws.com and may pull a private image. Default: the
    component creates one."""

    permissions_boundary: In[PolicyArn] | None = None
    """The permissions boundary of the created roles. Default: none."""

    service_name: Annotated[str, aws_name(names.SERVICE)] | None = None
    """4 to 40 letters, digits, hyphens and underscores. A change replaces the service. Default: from name and stack."""

    redeploy_trigger: Annotated[str, StringConstraints(min_length=1, max_length=256), Sensitive()] | None = None
    """Change this value to deploy unchanged settings again. It becomes the environment variable APPRUNNER_DEPLOYMENT.
    1 to 256 characters. Default: none."""

    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    """Waits, retries and verification around a deployment. Default: all enabled."""

    protect: StrictBool | None = None
    """Whether Pulumi refuses to delete or replace the service. Default: the component's option `protect`."""

    tags: Tags = field(default_factory=dict[str, str])
    """Tags of all resources that support tags. Do not store secrets in tags: pulumi-aws keeps them in plain text in the
    state. Default: none."""

    @field_validator("code")
    @classmethod
    def _either_image_or_code(cls, code: Code | None, info: ValidationInfo) -> Code | None:
        if "image" not in info.data:
            return code
        image = info.data["image"]
        if (image is None) == (code is None):
            if code:
                raise invalid("must not be set together with image", "Remove one of them")
            problem = "must be set, or code. Exactly one of both is required"
            raise invalid_paths({("image",): problem}, missing=["image", "code"])
        return code

    @field_validator("port", "environment", "start_command", "redeploy_trigger")
    @classmethod
    def _not_overridden_by_the_file(cls, value: Any, info: ValidationInfo) -> Any:
        code = info.data.get("code")
        if (
            value not in (None, limits.PORT.default, {}, [], ())
            and code is not None
            and code.configuration_source == "REPOSITORY"
        ):
            raise invalid(
                'must not be set with code.configuration_source "REPOSITORY": apprunner.yaml overrides it',
                'Set it in apprunner.yaml, or set code.configuration_source to "API"',
            )
        return value

    @field_validator("auto_scaling_configuration_arn")
    @classmethod
    def _own_or_shared(cls, arn: Any, info: ValidationInfo) -> Any:
        if arn is not None and info.data.get("scaling") is not None:
            raise invalid(
                "must not be set together with scaling",
                "Set scaling for a profile of this service, or the ARN of a shared profile",
                got="",
            )
        return arn

    @field_validator("auto_deployments_enabled")
    @classmethod
    def _requires_a_private_image(cls, enabled: bool, info: ValidationInfo) -> bool:
        image = info.data.get("image")
        if enabled and image is not None:
            if image.repository_type == images.ECR_PUBLIC:
                raise invalid("must be false for a public image", "App Runner deploys new images of private ECR only")
            if image.cross_account:
                raise invalid(
                    "must be false for an image in another account",
                    "App Runner deploys new images of its own account's ECR only",
                )
        return enabled

    @field_validator("observability_configuration_arn")
    @classmethod
    def _requires_tracing(cls, arn: Any, info: ValidationInfo) -> Any:
        if arn is not None and not info.data.get("tracing"):
            raise invalid("must not be set without tracing", "Set tracing to true, or remove it", missing=["tracing"])
        return arn

    @field_validator("access_role_arn")
    @classmethod
    def _is_for_a_private_image(cls, arn: Any, info: ValidationInfo) -> Any:
        if arn is not None and "image" in info.data:
            image = info.data["image"]
            if image is None or image.repository_type == images.ECR_PUBLIC:
                raise invalid(
                    "must not be set without a private image",
                    "App Runner rejects it for other sources",
                    missing=["image"],
                )
        return arn


@args_type
class AppRunnerServiceArgs(ServiceSettings):
    """The arguments of an AppRunnerService; one of `image` and `code` is required."""

    secrets: Annotated[Sequence[BoundSecrets], Fix("Pass [SecretsBinding(...).bound]")] = ()
    """Secrets as environment variables: the output `bound` of SecretsBindings. Default: none."""

    @field_validator("secrets")
    @classmethod
    def _not_in_the_file(cls, secrets: Sequence[BoundSecrets], info: ValidationInfo) -> Sequence[BoundSecrets]:
        return cls._not_overridden_by_the_file(secrets, info)

    @field_validator("secrets")
    @classmethod
    def _has_no_duplicates(cls, secrets: Sequence[BoundSecrets], info: ValidationInfo) -> Sequence[BoundSecrets]:
        maps = [info.data.get("environment"), *(each.value_from for each in secrets)]
        if all(isinstance(each, Mapping) for each in maps):
            bindings = [each.binding for each in secrets]
            problems = duplicate_variables(
                info.data.get("redeploy_trigger"), bindings, *cast(list[Mapping[str, Any]], maps)
            )
            if problems:
                raise invalid_paths(problems)
        return secrets
