"""What a provider's manager sees and does, of the provider's own people only."""
