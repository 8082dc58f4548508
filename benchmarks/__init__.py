"""Measurements; each module prints JSON with `--json` and a table without."""
