"""Who does which job when: a pure library from a problem to a plan, with checks and prices."""
