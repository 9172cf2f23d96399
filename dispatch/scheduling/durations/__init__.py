"""How long work really takes: learned to plan by, never to judge anybody by."""
