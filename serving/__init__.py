"""What stands between the page and the science: checked requests in, pictures and figures out."""
