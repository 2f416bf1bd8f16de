"""The question language: a typed spec, its named measures, one compiler to SQL, and the result."""
