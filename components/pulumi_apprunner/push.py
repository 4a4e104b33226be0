"""Deployments after a push to a repository that App Runner does not follow."""

import json
from functools import partial

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from apprunner_facts.arns import parts_of
from apprunner_facts.events import image_pushes_of
from apprunner_facts.identity import PUT_EVENTS_ACTION
from apprunner_facts.images import ImageIdentifier
from pulumi_apprunner import advice, iam
from pulumi_apprunner.args.checking import as_output, combine, validate, validate_output
from pulumi_apprunner.args.dicts import RedeployOnPushArgsDict
from pulumi_apprunner.args.push import RedeployOnPushArgs, place_problems
from pulumi_apprunner.event_rules import RETRY_POLICY, create_event_rule, trust_event_rules
from pulumi_apprunner.names import physical_name
from pulumi_apprunner.redeployment import Change, create_redeployment
from pulumi_apprunner.regions import require_topic_region


class RedeployOnPush(pulumi.ComponentResource):
    """Deploys a service when its image's tag is pushed to a repository of another region or account.

    App Runner's automatic deployments follow only the repositories of the service's account and region.

    ```python
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/orders:live"
    api = AppRunnerService("orders", AppRunnerServiceArgs(image=Image(identifier=image)))
    RedeployOnPush("orders-pushes", RedeployOnPushArgs(service_arn=api.arn, image=image, topic_arn=topic.arn))
    ```

    An EventBridge rule in the image's region forwards the event of the push to the service's region. There another rule
    starts a Step Functions state machine, as for RedeployOnRotation. It waits for an operation in progress, does
    nothing if a deployment began after the push or the service is paused, and waits until the deployment has ended. If
    that fails or is rolled back, or cannot be started, the topic is notified.

    Args:
        name: The component's name and the prefix of its children's names.
        args: The service, its image and the topic: RedeployOnPushArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: All invalid arguments.
    """

    state_machine_arn: Output[str]
    """The ARN of the state machine. An execution of it with the input {} deploys the service."""

    def __init__(
        self, name: str, args: RedeployOnPushArgs | RedeployOnPushArgsDict, opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of RedeployOnPush.
        """
        args = validate(RedeployOnPushArgs, "RedeployOnPush", name, args)
        image: ImageIdentifier = args.image  # type: ignore[assignment]  # validation returns its parts
        rule = partial(place_problems, image, args.cross_account)
        args.service_arn = validate_output("RedeployOnPush", name, args.service_arn, rule)
        args.topic_arn = require_topic_region("RedeployOnPush", name, args.topic_arn, args.service_arn)
        super().__init__("apprunner:index:RedeployOnPush", name, {}, opts)
        advice.warn_about_options(self, opts)
        advice.warn_about_secrets(self, "tags", args.tags, advice.NO_SECRET_TAGS)
        child = ResourceOptions(parent=self)

        pattern = json.dumps(dict(image_pushes_of(image)))
        pushes = Change("pushes", f"Pushes after which {name} deploys a service", pattern, "$.detail.image-digest")
        machine = create_redeployment(name, args, [pushes], child)
        if not args.cross_account:
            self._forward(name, args, image, pattern, child)

        self.state_machine_arn = machine.arn
        self.register_outputs({"stateMachineArn": self.state_machine_arn})

    def _forward(
        self, name: str, args: RedeployOnPushArgs, image: ImageIdentifier, pattern: str, opts: ResourceOptions
    ) -> None:
        """Create the rule that forwards the events from the image's region to the service's."""
        bus = as_output(args.service_arn).apply(_default_bus)
        description = f"Forwards the pushes after which {name} deploys a service"
        rule = create_event_rule(name, "forward", description, pattern, args.tags, opts, region=image.region)
        role = aws.iam.Role(
            f"{name}-forward-role",
            name=physical_name(names.ROLE, name, "forward"),
            description=f"EventBridge forwards the events of {physical_name(names.EVENT_RULE, name, 'forward')}",
            assume_role_policy=rule.arn.apply(lambda arn: trust_event_rules([arn])),
            permissions_boundary=args.permissions_boundary,
            tags=args.tags,
            opts=opts,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-forward-policy",
            name="put-events",
            role=role.name,
            policy=combine(lambda known: iam.document([iam.allow(PUT_EVENTS_ACTION, known[0] or "")]), bus),
            opts=opts,
        )
        aws.cloudwatch.EventTarget(
            f"{name}-forward-target",
            rule=rule.name,
            target_id="bus",
            arn=bus,
            role_arn=role.arn,
            retry_policy=RETRY_POLICY,
            region=image.region,
            opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=[policy])),
        )


def _default_bus(service_arn: str | None) -> str:
    """Return the ARN of the default event bus in a service's account and region."""
    service = parts_of(service_arn)
    return f"arn:{service.partition}:events:{service.region}:{service.account}:event-bus/default"
