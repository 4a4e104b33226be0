"""The configuration of a stack: its file and the declarations in Pulumi.yaml."""
