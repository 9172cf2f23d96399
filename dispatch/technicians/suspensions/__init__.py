"""Keeping somebody from work for a reason, and their right to have it looked at again."""
