import json

import pulumi_aws as aws

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "tasks.apprunner.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


def bad() -> None:
    role = aws.iam.Role("app", assume_role_policy=TRUST)
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    aws.iam.RolePolicy("app", role=role.name, policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def good() -> None:
    role = aws.iam.Role("app", assume_role_policy=TRUST)
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*"}
    aws.iam.RolePolicy("app", role=role.name, policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
