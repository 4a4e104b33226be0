"""The AWS that tests run against, on this machine."""
