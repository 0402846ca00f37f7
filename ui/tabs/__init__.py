"""One file for each tab: layout and wiring only."""
