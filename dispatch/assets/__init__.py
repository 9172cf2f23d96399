"""The equipment that stands at a site."""
