"""When a provider's people work and are away, as their manager says."""
