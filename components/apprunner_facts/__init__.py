"""What AWS says of App Runner, as data with its source, and what follows from it by arithmetic alone."""
