"""How well the bot understands labelled sentences: reading them, figures, comparisons, tables."""
