"""Plain declarations that the service and its infrastructure share. They import nothing."""
