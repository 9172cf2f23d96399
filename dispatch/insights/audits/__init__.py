"""Who changed a record, when and why."""
