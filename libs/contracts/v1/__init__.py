"""What protoc and proto/generate.py made of the contracts; private to contracts.codec."""
