"""What lies behind the metric: drivers with intervals."""
