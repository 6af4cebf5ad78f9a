"""What the local AWS answers as AWS does, where the emulator alone would not."""

import subprocess
import sys


def test_people_are_found_while_others_sign_up() -> None:
    # In a process of its own: the emulator starts threads when imported, and the script has threads take turns oddly.
    crowd = subprocess.run([sys.executable, "-m", "tests.localstack.crowd"], capture_output=True, text=True, check=True)

    assert crowd.stdout.strip() == "0"
