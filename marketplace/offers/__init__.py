"""An offer: one visit proposed to one freelancer at one time and pay."""
