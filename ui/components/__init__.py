"""Parts of the page: Python beside the HTML, CSS and JavaScript that it loads."""
