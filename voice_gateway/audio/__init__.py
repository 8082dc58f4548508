"""Sound: its shape, its conversions, and whether somebody speaks."""
