"""The nouns: what is given in, what was decided, and why. No behaviour beyond their own meaning."""
