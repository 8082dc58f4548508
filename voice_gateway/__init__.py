"""The phone line: hears a caller, asks the switchboard, speaks the answer."""
