"""Text only: one Markdown file a prompt, with render() and fingerprint()."""
