"""Rollups: readings summed up by minute and by hour, for long stretches and long memory."""
