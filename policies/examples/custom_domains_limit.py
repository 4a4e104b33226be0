import pulumi_aws as aws


def bad() -> None:
    service = "arn:aws:apprunner:eu-west-1:123456789012:service/orders-api/8fe1e10304f84fd2b0df550fe98a71fa"
    for country in ("at", "de", "es", "fr", "it", "pl"):
        aws.apprunner.CustomDomainAssociation(
            country, service_arn=service, domain_name=f"{country}.example.com", enable_www_subdomain=False
        )


def good() -> None:
    service = "arn:aws:apprunner:eu-west-1:123456789012:service/orders-api/8fe1e10304f84fd2b0df550fe98a71fa"
    for country in ("at", "de", "es", "fr", "it"):
        aws.apprunner.CustomDomainAssociation(
            country, service_arn=service, domain_name=f"{country}.example.com", enable_www_subdomain=False
        )
