"""The command `apprunner rightsize`: settings that fit the measured usage of a stack's services."""
