"""A person looks again at what was decided about a freelancer, and answers in time."""
