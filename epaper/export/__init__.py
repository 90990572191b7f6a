"""The last room: pages and issues as files, one module a format."""
