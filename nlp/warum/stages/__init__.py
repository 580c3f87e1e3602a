"""Which opinions does a comment hold: one idea a file, every stage of one shape."""
