"""Kinds of credentials: who needs them, and when their holders are reminded."""
