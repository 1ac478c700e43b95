"""What the caller hears: pure rules, no input or output."""
