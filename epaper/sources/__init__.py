"""Opening newspaper pages: any PDF or image, singly or in folders."""
