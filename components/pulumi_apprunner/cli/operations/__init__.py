"""Deployed services: their status and logs, and the commands that pause, resume and deploy them.

`state` reads which services a stack has, `aws` and `status` what AWS returns about them, `actions` changes a service,
and `commands` parses the command line.
"""
