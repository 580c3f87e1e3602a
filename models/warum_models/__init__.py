"""Models: texts in, numbers out. They know nothing of scores, customers or metrics."""
