"""The rules, one module per theme. Each module has its rules in `RULES`."""
