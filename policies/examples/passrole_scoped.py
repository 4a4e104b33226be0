import json

import pulumi_aws as aws


def bad() -> None:
    statement = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
    aws.iam.Policy("deploy", policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def good() -> None:
    statement = {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": "arn:aws:iam::123456789012:role/orders-*",
        "Condition": {"StringEquals": {"iam:PassedToService": "apprunner.amazonaws.com"}},
    }
    aws.iam.Policy("deploy", policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
