"""The audit sample: draw comments for people to label, and correct the model's errors by them."""
