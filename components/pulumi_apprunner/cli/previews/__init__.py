"""`apprunner previews`: the environments of pull requests, and the workflows that create and remove them.

`environments` reads what a stack's state says, `backend` calls the Pulumi CLI, `removal` removes environments, and
`command` parses the command line.
"""
