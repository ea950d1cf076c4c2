"""How each format of file becomes records. A reader takes a stream and knows of no files."""
