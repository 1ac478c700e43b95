"""What happens: one function per happening, one transaction each."""
