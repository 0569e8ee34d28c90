"""What the assistant asks and says, as data, and what its conversations can do (actions)."""
