from apprunner_policies import POLICIES
from pulumi_policy import PolicyPack

PolicyPack("apprunner-policies", policies=POLICIES)
