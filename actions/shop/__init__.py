"""The shop behind the front line: what is asked of it and who answers."""
