"""Who may speak now, and how a conversation passes between the bot and people."""
