# Prints two lines, and one that does not fit a pipe of 4096 bytes.
print("line 1")
print("line 2")
print("x" * 5000)
