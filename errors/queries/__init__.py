"""What the pages read: questions over several models, each answered in few queries."""
