"""The ``cogov`` program: one file a command, each a thin call into the library."""
