"""Service levels: calendars, clocks, agreements and what a customer is entitled to."""
