from pulumi_policy import PolicyPack

from apprunner_policies import POLICIES

PolicyPack("apprunner-policies", policies=POLICIES)
