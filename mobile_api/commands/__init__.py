"""Commands a phone collected while offline, applied once and in order."""
