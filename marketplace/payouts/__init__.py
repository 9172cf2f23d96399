"""What a freelancer earns: one payout for each visit and kind of pay, from earned to paid."""
