"""Where runs are trained: threads, processes, or a GPU that is rented by the run."""
