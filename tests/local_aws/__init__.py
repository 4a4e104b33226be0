"""What tests of the local AWS share: requests, roles, resources, and what the stack files name."""
