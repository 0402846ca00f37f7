"""What runs beside the page in the visitor's browser: ONNX Runtime Web, and the scripts of its worker."""
