"""Operations on a running environment: deploy, release, roll back, restore, publish the client."""
