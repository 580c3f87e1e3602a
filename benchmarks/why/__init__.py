"""The proof of the "why": simulations with known truth, and real data."""
