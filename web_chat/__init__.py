"""The customer's chat on the web: socket, session, widget."""
