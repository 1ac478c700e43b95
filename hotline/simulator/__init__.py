"""A local telephone carrier for trying and testing; it knows the contract and nothing of the hotline."""
