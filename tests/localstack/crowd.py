"""People of the emulator's pool who are looked for while others sign up: prints how many were not found.

python -m tests.localstack.crowd
"""

import asyncio
import json
import os
import sys
from typing import Any

PASSWORD = "Secret-Soup1"
PEOPLE = 500
LOOKS = 300


async def main() -> None:
    from ministack.services import cognito  # noqa: PLC0415  reads the environment when it is imported

    from deploy.local import corrections  # noqa: PLC0415

    corrections.apply()

    async def ask(action: str, **data: object) -> Any:
        status, _, body = await cognito._dispatch_idp(action, data)
        return status, json.loads(body)

    _, made = await ask("CreateUserPool", PoolName="crowd")
    pool = made["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH"]
    _, made = await ask("CreateUserPoolClient", UserPoolId=pool, ClientName="crowd", ExplicitAuthFlows=flows)
    client = made["UserPoolClient"]["ClientId"]
    people = iter(range(2 * PEOPLE))

    async def sign_up(name: str) -> None:
        await ask("SignUp", ClientId=client, Username=name, Password=PASSWORD)

    for _ in range(PEOPLE):
        await sign_up(f"guest{next(people)}")
    await sign_up("ana")
    await ask("AdminConfirmSignUp", UserPoolId=pool, Username="ana")
    parameters = {"USERNAME": "ana", "PASSWORD": PASSWORD}
    _, signed_in = await ask("InitiateAuth", ClientId=client, AuthFlow=flows[0][6:], AuthParameters=parameters)
    token = signed_in["AuthenticationResult"]["AccessToken"]

    # Threads take turns so often that what takes long is interrupted each time.
    sys.setswitchinterval(1e-5)
    looks = [ask("GetUser", AccessToken=token) for _ in range(LOOKS)]
    arrivals = [sign_up(f"guest{next(people)}") for _ in range(LOOKS)]
    answers = await asyncio.gather(*(one for pair in zip(looks, arrivals, strict=True) for one in pair))
    sys.stdout.write(f"{sum(status != 200 for status, _ in answers[::2])}\n")


if __name__ == "__main__":
    os.environ |= {"AUTH": "true", "PERSIST_STATE": "0", "LOG_LEVEL": "ERROR", "DOCKER_HOST": "unix:///nonexistent"}
    asyncio.run(main())
