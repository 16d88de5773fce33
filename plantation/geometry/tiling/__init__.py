"""How a ground is cut into pieces: the inside of `partition`, which is all that others need of it."""
