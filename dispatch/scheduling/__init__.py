"""The schedule: who is where when, what was promised, and the plans that arrange it."""
