"""What technicians and freelancers are told about their own standing."""
