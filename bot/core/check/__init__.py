"""The check: asking, reading answers, forms, the verdict and the details of the record."""
