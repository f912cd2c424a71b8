"""The seal: the Merkle log over what was posted, its signed checkpoints, proofs and witnesses."""
