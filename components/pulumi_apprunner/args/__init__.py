"""Arguments of the components: dataclasses, their validation and the messages about invalid ones."""
