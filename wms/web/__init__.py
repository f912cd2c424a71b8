"""Speaking HTTP: who asks, in which language, how pages and answers look; no tables, no goods."""
