import pulumi_aws as aws


def bad() -> None:
    api = aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": {
                "image_repository_type": "ECR_PUBLIC",
                "image_identifier": "public.ecr.aws/nginx/nginx:1.27",
            },
            "auto_deployments_enabled": False,
        },
    )
    domain = aws.apprunner.CustomDomainAssociation(
        "shop", service_arn=api.arn, domain_name="example.com", enable_www_subdomain=False
    )
    zone = aws.route53.Zone("shop", name="example.com")
    aws.route53.Record(
        "shop", zone_id=zone.zone_id, name="example.com", type="CNAME", ttl=300, records=[domain.dns_target]
    )


def good() -> None:
    api = aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": {
                "image_repository_type": "ECR_PUBLIC",
                "image_identifier": "public.ecr.aws/nginx/nginx:1.27",
            },
            "auto_deployments_enabled": False,
        },
    )
    domain = aws.apprunner.CustomDomainAssociation(
        "shop", service_arn=api.arn, domain_name="example.com", enable_www_subdomain=False
    )
    zone = aws.route53.Zone("shop", name="example.com")
    aws.route53.Record(
        "shop",
        zone_id=zone.zone_id,
        name="example.com",
        type="A",
        aliases=[
            {
                "name": domain.dns_target,
                "zone_id": aws.apprunner.get_hosted_zone_id_output().id,
                "evaluate_target_health": False,
            }
        ],
    )
