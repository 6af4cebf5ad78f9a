"""The environments, and all that differs between them."""

from dataclasses import dataclass

PROJECT = "smart-cooking"
REGION = "ap-southeast-1"


@dataclass(frozen=True)
class Environment:
    """One copy of the service; `prefix` begins the name of everything in it."""

    name: str
    prefix: str
    region: str = REGION
    # What holds people's data outlives its stack, and no single call deletes it.
    protected: bool = True
    # Runs in the emulator on this machine: some resource types and properties do not exist there.
    emulated: bool = False
    # Sites whose scripts may post pictures and see the answer. A signed form is what lets one post, not the site.
    web_origins: tuple[str, ...] = ("*",)

    @property
    def mail_domain(self) -> str:
        """Return the domain that mails come from; whoever deploys owns it, and publishes its DKIM records."""
        return f"{self.prefix}.example.com"


LOCAL = Environment("local", f"{PROJECT}-local", protected=False, emulated=True)
DEV = Environment("dev", f"{PROJECT}-dev")
STAGING = Environment("staging", f"{PROJECT}-staging")
PROD = Environment("prod", f"{PROJECT}-prod")

ENVIRONMENTS = {env.name: env for env in (LOCAL, DEV, STAGING, PROD)}


def test(name: str) -> Environment:
    """An environment like `local` with names of its own, so that several share one local AWS."""
    return Environment(name, f"{PROJECT}-{name}", protected=False, emulated=True)
