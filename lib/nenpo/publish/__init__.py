"""nbconvert: the executed chapters stitched into a book, and the book as HTML and as PDF."""
