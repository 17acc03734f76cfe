"""What a hospital sets, and who may do what."""
