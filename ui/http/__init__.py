"""What is answered over HTTP beside the page itself."""
