"""What AWS documents about App Runner, as data with its source, and the arithmetic that follows from it."""
