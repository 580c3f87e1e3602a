"""The authored corpus: comments written for this project, with opinions, emotion, intent and effort."""
