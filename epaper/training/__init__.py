"""Training of the model that says which chunk is read after which.

``python -m epaper.training --help``. Needs the extra ``train``; what it makes,
``epaper/layout/weights.npz``, is read with numpy alone.
"""
