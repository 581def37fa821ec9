"""What medicine knows, as data, and the code that looks it up."""
