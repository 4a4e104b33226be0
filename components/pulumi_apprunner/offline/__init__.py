"""The offline engine: runs a Pulumi program without the Pulumi CLI and returns its resource graph.

Private: tests of programs import `pulumi_apprunner.testing`.
"""
