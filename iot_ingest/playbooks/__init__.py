"""Playbooks: the decision table, what is done first about a fault class and how soon."""
