"""AWS WAF's web ACLs: the checks and the associations that moto does not have."""
