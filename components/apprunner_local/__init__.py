"""A local AWS account for `pulumi up`: moto, a fake App Runner and an emulated provider."""
