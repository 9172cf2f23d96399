"""The SLA clocks of a work order and the time that does not count."""
