"""How each channel speaks: a provider's form to Incoming, an Outgoing to the text that leaves."""
