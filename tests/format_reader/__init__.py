"""A second reader of Stave's format, written from format-spec/ alone.

It shares nothing with the C++ reader, so that what the two agree on is what the specification says."""
