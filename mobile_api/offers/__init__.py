"""A freelancer's offers on the phone: answers, other terms, what was asked in return."""
