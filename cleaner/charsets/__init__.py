"""What bytes mean: encodings and their labels, declarations, and the detector."""
