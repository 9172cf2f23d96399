"""Road networks that can be asked: Valhalla in the process, and three servers by HTTP."""
