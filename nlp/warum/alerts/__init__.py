"""What changes over time: spikes, drifts and trends, with false alarms under control."""
