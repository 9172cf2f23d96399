"""How we keep what we promise freelancers as their buyer."""
