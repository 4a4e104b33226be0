import pulumi_aws as aws

SERVICES = "arn:aws:apprunner:eu-west-1:123456789012:service"


def shop(name: str, service_arn: str, domain_name: str) -> None:
    domain = aws.apprunner.CustomDomainAssociation(
        name, service_arn=service_arn, domain_name=domain_name, enable_www_subdomain=False
    )
    aws.route53.Record(
        f"{name}-traffic",
        zone_id="Z0123456789ABCDEFGHIJ",
        name=domain_name,
        type="CNAME",
        ttl=300,
        records=[domain.dns_target],
        allow_overwrite=True,
    )


def bad() -> None:
    shop("shop", f"{SERVICES}/orders/8fe1e10304f84fd2b0df550fe98a71fa", "shop.example.com")
    shop("admin", f"{SERVICES}/admin/0123456789abcdef0123456789abcdef", "shop.example.com")


def good() -> None:
    shop("shop", f"{SERVICES}/orders/8fe1e10304f84fd2b0df550fe98a71fa", "shop.example.com")
    shop("admin", f"{SERVICES}/admin/0123456789abcdef0123456789abcdef", "admin.example.com")
