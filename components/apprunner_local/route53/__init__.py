"""Route 53's rules for records, in front of moto."""
