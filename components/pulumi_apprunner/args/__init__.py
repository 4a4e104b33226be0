"""What the components take: dataclasses that hold what was written, and the check that judges them."""
