"""A month of overflow visits under several policies of asking freelancers."""
