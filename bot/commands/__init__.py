"""What can be asked of `segin` in a terminal: one module a command, named alike."""
