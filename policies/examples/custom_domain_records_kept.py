import pulumi_aws as aws


def bad() -> None:
    domain = aws.apprunner.CustomDomainAssociation(
        "shop",
        service_arn="arn:aws:apprunner:eu-west-1:123456789012:service/orders-api/8fe1e10304f84fd2b0df550fe98a71fa",
        domain_name="shop.example.com",
        enable_www_subdomain=False,
    )
    record = domain.certificate_validation_records[0]
    aws.route53.Record(
        "shop-0", zone_id="Z0123456789ABCDEFGHIJ", name=record.name, type="CNAME", ttl=300, records=[record.value]
    )


def good() -> None:
    domain = aws.apprunner.CustomDomainAssociation(
        "shop",
        service_arn="arn:aws:apprunner:eu-west-1:123456789012:service/orders-api/8fe1e10304f84fd2b0df550fe98a71fa",
        domain_name="shop.example.com",
        enable_www_subdomain=False,
    )
    records = domain.certificate_validation_records.apply(
        lambda records: sorted(records, key=lambda each: each.name or "")
    )
    for number in range(2):
        aws.route53.Record(
            f"shop-{number}",
            zone_id="Z0123456789ABCDEFGHIJ",
            name=records.apply(lambda records, number=number: records[number].name or ""),
            type="CNAME",
            ttl=300,
            records=[records.apply(lambda records, number=number: records[number].value or "")],
            allow_overwrite=True,
        )
