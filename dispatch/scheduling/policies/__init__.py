"""When visits go out to technicians, and what going out locks."""
