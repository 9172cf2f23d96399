"""Credits: money that customers have good with us for what they had to bear."""
