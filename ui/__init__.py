"""All that knows Gradio: the page, its components, its texts."""
