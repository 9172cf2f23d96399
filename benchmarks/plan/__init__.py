"""The plan benchmark: our solver and its peers on the same instances, judged by the same code."""
