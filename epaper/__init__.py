"""epaper: newspaper pages in, structured news out."""

import os

__version__ = "0.1.0"

# ONNX Runtime would report its use over the network; it asks this when it is loaded.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
