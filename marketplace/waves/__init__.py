"""Waves: who is asked next, and for how much, until a visit is taken or handed back."""
