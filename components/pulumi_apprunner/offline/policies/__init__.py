"""Running a CrossGuard policy pack over a resource graph."""
