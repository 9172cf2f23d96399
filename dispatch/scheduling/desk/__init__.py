"""What a dispatcher does with a visit by hand, over HTTP."""
