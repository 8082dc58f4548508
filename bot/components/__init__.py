"""NLU components of our own, registered in Rasa's graph by `config.yml`."""
