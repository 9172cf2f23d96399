"""Jobs bound to each other: crews, precedences and bundles."""
