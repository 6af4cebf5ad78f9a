"""Account set-up by operators: create a confirmed account with its profile and groups."""

from apps.users import cognito_admin, consents, name_claims, services
from apps.users.people import USERNAME
from apps.users.repositories import stored_people

GROUPS = ("moderators", "admins")


def create_user(
    *, username: str, email: str, password: str, full_name: str, group: str | None, accepts_terms: bool = False
) -> bool:
    """Create a confirmed account with its profile; return whether it was created. Every step is safe to repeat.

    Raises `UsernameTaken` if the username ever belonged to somebody else, `cognito_admin.Refused` if the pool rejects
    the input, ValueError if the username is malformed.
    """
    if not USERNAME.fullmatch(username):
        raise ValueError("a username has 3–30 of a–z, 0–9, _ and .")
    created = cognito_admin.create_confirmed(username=username, email=email, full_name=full_name)
    cognito_admin.set_password(username=username, password=password)
    if group:
        cognito_admin.add_to_group(username=username, group=group)
    known = cognito_admin.attributes_of(username)
    if stored_people.find_profile(known["sub"]) is None:
        name_claims.create_profile(
            services.fresh_profile(
                user_id=known["sub"],
                username=username,
                email=known.get("email", email),
                full_name=known.get("name") or full_name,
            )
        )
    if accepts_terms:
        consents.record(user_id=known["sub"])
    return created
