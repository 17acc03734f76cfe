"""Cases: their life, their deadlines, and the pings that keep them."""
