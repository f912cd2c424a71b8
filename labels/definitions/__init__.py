"""What each label shows and where: one module a label, one function a stock it is printed on."""
