"""What the bot does: one file per topic, and the shop it asks."""
