"""From what a person wrote to commands: pure functions over the project's own words and examples."""
