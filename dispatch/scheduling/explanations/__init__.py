"""Why a visit is where it is, or why nobody has it, for the office."""
