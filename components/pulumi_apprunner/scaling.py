"""A scaling profile that several services share."""

from collections.abc import Awaitable

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from apprunner_facts.arns import parse_arn
from pulumi_apprunner import advice, lifecycle, sdk
from pulumi_apprunner.args.checking import ArgsError, validate
from pulumi_apprunner.args.dicts import ScalingProfileArgsDict
from pulumi_apprunner.args.scaling import ScalingProfileArgs
from pulumi_apprunner.names import physical_name


class ScalingProfile(pulumi.ComponentResource):
    """A scaling profile for several services (in AWS: an auto scaling configuration).

    ```python
    small = ScalingProfile("small", ScalingProfileArgs(min_size=1, max_size=3, max_concurrency=80))
    AppRunnerService("orders", {"image": image, "auto_scaling_configuration_arn": small.arn})
    ```

    A profile cannot be updated. A change of its numbers creates the next revision, moves the services to it, and then
    deletes the old revision.

    Args:
        name: The component's name and the prefix of its children's names.
        args: The numbers of instances: ScalingProfileArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: All invalid arguments.
    """

    arn: Output[str]
    """The ARN of the current revision, with revision and id, for
    AppRunnerServiceArgs.auto_scaling_configuration_arn."""

    def __init__(
        self, name: str, args: ScalingProfileArgs | ScalingProfileArgsDict, opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of ScalingProfile.
        """
        args = validate(ScalingProfileArgs, "ScalingProfile", name, args)
        super().__init__("apprunner:index:ScalingProfile", name, {}, opts)
        advice.warn_about_options(self, opts)
        advice.warn_about_secrets(self, "tags", args.tags, advice.NO_SECRET_TAGS)
        advice.warn_about_scaling_profiles(self)

        # Services are updated before the old revision is deleted: never set `delete_before_replace` here.
        profile = aws.apprunner.AutoScalingConfigurationVersion(
            f"{name}-profile",
            auto_scaling_configuration_name=physical_name(names.AUTO_SCALING_CONFIGURATION, name, "profile"),
            min_size=args.min_size,
            max_size=args.max_size,
            max_concurrency=args.max_concurrency,
            tags=args.tags,
            opts=ResourceOptions(
                parent=self,
                # AWS rejects the deletion of the default, and that of a revision which services got as the default.
                retain_on_delete=args.account_default or None,
                hooks=lifecycle.configuration_hooks(f"{name}-profile"),
            ),
        )
        if args.account_default:
            advice.warn_about_account_default(self)
            aws.apprunner.DefaultAutoScalingConfigurationVersion(
                f"{name}-default",
                auto_scaling_configuration_arn=_only_default(name, profile.arn),
                opts=ResourceOptions(parent=self),
            )

        self.arn = profile.arn
        self.register_outputs({"arn": self.arn})


def _only_default(name: str, arn: Output[str]) -> Output[str]:
    """Return a profile's ARN; it fails if another profile of the program is the default of the account and region."""
    if sdk.runs_under_user_mocks():  # several tests may register the same component with one monitor
        return arn
    defaults = sdk.once_per_run(_defaults)
    earlier = [*defaults]
    defaults.append((name, arn))

    async def check(known: str) -> str:
        for other, output in earlier:
            other_arn = await output.future() if await output.is_known() else None
            # With `up --target`, a resource that is not a target has no outputs.
            if known and other_arn and _account_and_region(known) == _account_and_region(other_arn):
                reason = (
                    "must be true for one profile of an account and region, got true also for "
                    f"ScalingProfile '{other}'. Remove one of them"
                )
                raise ArgsError(f"ScalingProfile '{name}'", {"account_default": reason})
        return known

    def checked(known: str) -> Output[str]:
        value: Awaitable[str] = check(known)
        return Output.from_input(value)

    return arn.apply(checked)


def _defaults() -> list[tuple[str, Output[str]]]:
    return []


def _account_and_region(arn: str) -> tuple[str, str]:
    parts = parse_arn(arn)
    return parts.account, parts.region
