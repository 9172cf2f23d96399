"""The core: customers, technicians, work orders and the schedule that joins them."""
