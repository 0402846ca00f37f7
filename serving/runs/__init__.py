"""The runs that visitors started: who waits, who trains, what each has learned and how it went."""
