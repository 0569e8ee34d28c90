"""What is decided: pure values and functions, without I/O, clock, dice or environment."""
