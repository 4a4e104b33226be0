"""The list of everything that was created in the account."""

from apprunner_local.aws import LocalAws
from local_aws.orders import create, public_image
from local_aws.roles import allow, role
from local_aws.stack_files import named


def test_all_created_resources_are_listed(account: LocalAws) -> None:
    group, *_ = sorted(named(r"\bsg-\w+"))
    rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    account.client("ec2").authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    account.client("sqs").create_queue(QueueName="failed")
    account.client("scheduler").create_schedule_group(Name="orders")
    scaling = account.client("apprunner").create_auto_scaling_configuration
    scaling(AutoScalingConfigurationName="small", MaxSize=1)
    scaling(AutoScalingConfigurationName="small", MaxSize=2)
    reader = role(account, allow("ssm:GetParameters"), name="reader")
    create(account, reader)
    assert account.created_resources() == [
        "apprunner auto scaling configuration small/1",
        "apprunner auto scaling configuration small/2",
        "apprunner service orders RUNNING",
        f"ec2 security group rule {group} ingress from 10.0.0.0/8 tcp 5432-5432",
        "iam attachment arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess of pull",
        "iam role policy inline of reader",
        "iam role pull",
        "iam role reader",
        "scheduler group orders",
        "sqs queue failed",
    ]


def test_deleted_resources_are_not_listed(account: LocalAws) -> None:
    apprunner = account.client("apprunner")
    connector = apprunner.create_vpc_connector(VpcConnectorName="private", Subnets=["subnet-0b1c2d3e4f5061728"])
    apprunner.delete_vpc_connector(VpcConnectorArn=connector["VpcConnector"]["VpcConnectorArn"])
    service = create(account, source_configuration={"ImageRepository": public_image()})
    apprunner.delete_service(ServiceArn=service)
    account.plane.clock.move(30)
    assert account.created_resources() == []
