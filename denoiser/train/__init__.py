"""Training: the run, what a step sees, how it learns, and all that a resume needs."""
