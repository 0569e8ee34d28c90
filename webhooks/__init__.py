"""Where machines knock: one blueprint a provider, each verifies, parses, calls the use case and answers."""
