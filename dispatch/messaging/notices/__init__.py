"""What customers are told by themselves when something happens to their visit."""
