"""The words every service speaks and the plumbing they share."""
