"""What customers and staff are told, and whether it reached them."""
