import pulumi_aws as aws

SERVICES = "arn:aws:apprunner:eu-west-1:123456789012:service"


def shop(name: str, service_arn: str, domain_name: str, region: str | None = None) -> None:
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
        set_identifier=region,
        latency_routing_policies=[{"region": region}] if region else None,
    )


def bad() -> None:
    shop("shop", f"{SERVICES}/orders/8fe1e10304f84fd2b0df550fe98a71fa", "shop.example.com")
    shop("admin", f"{SERVICES}/admin/0123456789abcdef0123456789abcdef", "shop.example.com")


def good() -> None:
    shop("shop", f"{SERVICES}/orders/8fe1e10304f84fd2b0df550fe98a71fa", "shop.example.com")
    shop("admin", f"{SERVICES}/admin/0123456789abcdef0123456789abcdef", "admin.example.com")
    for region in ("eu-west-1", "us-east-1"):
        service_arn = f"{SERVICES}/web/8fe1e10304f84fd2b0df550fe98a71fa".replace("eu-west-1", region)
        shop(f"web-{region}", service_arn, "www.example.com", region)
