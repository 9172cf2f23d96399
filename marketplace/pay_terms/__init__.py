"""The rules of pay: fee, time to approve, what a cancelled or impossible visit is worth."""
