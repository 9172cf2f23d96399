"""Payment providers: who carries money to people's banks, and keeps their bank details."""
