"""How many messages of devices a second get from the broker into the database."""
