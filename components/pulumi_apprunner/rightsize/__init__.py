"""What `apprunner rightsize` proposes: the size, scaling profile and pauses that fit a service's measured usage."""
