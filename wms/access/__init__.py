"""People and machines: who they are, how they prove it, what they may do at this site."""
