"""How much longer than estimated trips really took."""
