"""What services say to each other: values, ids, subjects and the codec."""
