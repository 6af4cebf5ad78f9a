"""Measure suggestions: how sensible they are by the judge's rules, how long they take, and the catalogue's coverage.

python -m tests.load.suggestions_bench
"""

import os

from deploy.local import offline


def main() -> None:
    os.environ.update(offline.environment())
    os.environ["DJANGO_SETTINGS_MODULE"] = "smartcooking.settings"

    import django  # noqa: PLC0415  only now is the environment complete
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("judge_suggestions", "--quiet", "--show", "none")
    print()
    call_command("catalogue_report", "--quiet")


if __name__ == "__main__":
    main()
