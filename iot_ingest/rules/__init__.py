"""Rules: what a metric must do for how long before it means a fault."""
