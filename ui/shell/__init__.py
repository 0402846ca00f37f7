"""What stands around the tabs, and belongs to all of them."""
