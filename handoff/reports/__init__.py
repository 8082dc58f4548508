"""What supervisors want to know: key figures, reports, the wall, exports and the proof of them."""
