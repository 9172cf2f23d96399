"""On-call: who has duty when, and calling somebody out when nobody is at work."""
