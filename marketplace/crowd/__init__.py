"""Freelancers as the marketplace sees them: who could take a visit, when, at what pay."""
