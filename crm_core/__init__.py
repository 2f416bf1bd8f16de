"""The CRM: a library that is useful with no language model at all."""
