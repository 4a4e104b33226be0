"""The command `apprunner cost`: what a stack's services cost on App Runner and on other AWS services."""
