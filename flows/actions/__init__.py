"""What a conversation can do: rasa_sdk Actions, one module a topic, pure: tracker in, events and effects out."""
