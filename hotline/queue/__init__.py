"""Who takes which place: pure rules, no input or output."""
