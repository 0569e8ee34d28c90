"""What touches the world and decides nothing: storage, encryption, queue, providers, files, clock."""
