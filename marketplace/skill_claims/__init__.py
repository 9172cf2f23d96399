"""Skills that people say they have, with evidence, until the office has looked at it."""
