"""A web ACL for App Runner services."""

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import firewall, names
from pulumi_apprunner import advice
from pulumi_apprunner.args.checking import validate
from pulumi_apprunner.args.dicts import WebFirewallArgsDict
from pulumi_apprunner.args.firewall import WebFirewallArgs
from pulumi_apprunner.firewall.log import create_log
from pulumi_apprunner.firewall.rules import capacity_of, rules_of, visibility
from pulumi_apprunner.names import physical_name
from pulumi_apprunner.web_acl import private_web_acls


class WebFirewall(pulumi.ComponentResource):
    """A web ACL of AWS WAF with AWS's managed rules, and the log of its requests in CloudWatch.

    ```python
    firewall = WebFirewall("edge", WebFirewallArgs(rate_limit=RateLimit(requests=2000)))
    AppRunnerService("orders", AppRunnerServiceArgs(image=..., web_acl_arn=firewall.arn))
    AppRunnerService("billing", AppRunnerServiceArgs(image=..., web_acl_arn=firewall.arn))
    ```

    Many services share one firewall. The association belongs to the service (`web_acl_arn`), because a service has one
    web ACL: a service that moves to another firewall replaces its association, the old one deleted first. The deletion
    of an association that belonged to the old firewall would delete the new one too.

    Start with `mode="count"`, read the log (docs/guides/web-acl.md), and then block. A change of the rules updates the
    web ACL in place, and the services stay protected.

    Args:
        name: The component's name and the prefix of its children's names.
        args: The rules and the log: WebFirewallArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: All invalid arguments.
    """

    arn: Output[str]
    """The web ACL's ARN, for AppRunnerServiceArgs.web_acl_arn."""
    web_acl_name: Output[str]
    """The web ACL's name, which is also the dimension WebACL of its metrics in AWS/WAFV2."""
    capacity: Output[int]
    """The capacity that the rules use, in WCU. AWS charges more for each request beyond 1,500."""
    log_group_name: Output[str] | None
    """The name of the log group; None without a log."""

    def __init__(
        self, name: str, args: WebFirewallArgs | WebFirewallArgsDict, opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of WebFirewall.
        """
        args = validate(WebFirewallArgs, "WebFirewall", name, args)
        super().__init__("apprunner:index:WebFirewall", name, {}, opts)
        advice.warn_about_options(self, opts)
        advice.warn_about_secrets(self, "tags", args.tags, advice.NO_SECRET_TAGS)
        advice.warn_about_firewall(self, args, capacity_of(args))
        acl_name = physical_name(names.WEB_ACL, name)

        acl = aws.wafv2.WebAcl(
            f"{name}-acl",
            name=acl_name,
            description="Web ACL for App Runner services",
            scope=firewall.REGIONAL_SCOPE,
            default_action={"allow": {}},
            rules=rules_of(args),
            visibility_config=visibility(acl_name, args.sampled_requests),
            tags=args.tags,
            # pulumi-aws deletes a named web ACL first, which would leave the services unprotected meanwhile.
            opts=ResourceOptions(parent=self, delete_before_replace=False),
        )
        if args.private:
            private_web_acls().add(acl)
        log_group_name = create_log(name, args, acl_name, acl.arn, ResourceOptions(parent=self))

        self.arn = acl.arn
        self.web_acl_name = acl.name
        self.capacity = acl.capacity
        self.log_group_name = log_group_name
        self.register_outputs(
            {
                "arn": self.arn,
                "webAclName": self.web_acl_name,
                "capacity": self.capacity,
                "logGroupName": self.log_group_name,
            }
        )
