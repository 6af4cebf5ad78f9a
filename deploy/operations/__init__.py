"""What is done to a running environment: deploy, release, roll back, restore, publish the client."""
