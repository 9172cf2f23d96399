"""The rules of trust: how scores count, how far offers may differ, what we promise as buyers."""
