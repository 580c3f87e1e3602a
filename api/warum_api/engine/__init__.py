"""Reading comments: models loaded once a process, taxonomies made ready, batches across requests."""
