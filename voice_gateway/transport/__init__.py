"""What brings calls: PBX, telephony provider, browser."""
