"""The Slack face: verified requests in, Block Kit out."""
