from pulumi_policy import PolicyPack

from apprunner_policies import POLICIES
from apprunner_policies.serving import initial_config, whole_configuration

with whole_configuration(POLICIES):
    PolicyPack("apprunner-policies", policies=POLICIES, initial_config=initial_config(POLICIES))
