"""What an operator sees: logs, metrics, health, spans. None of it ever holds the text of a comment."""
