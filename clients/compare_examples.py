"""Compares the examples with the snippets that the READMEs show. `python compare_examples.py` fails if one differs."""

import re
import sys
from pathlib import Path

CLIENTS = Path(__file__).resolve().parent
EXAMPLES = {
    CLIENTS / "typescript" / "examples" / "matches.mjs": "js",
    CLIENTS / "python" / "examples" / "matches.py": "python",
}


def shows(readme: Path, example: Path, language: str) -> bool:
    """Whether a fence of the language in the README holds exactly the example."""
    fences: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", readme.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return example.read_text("utf-8") in fences


def main() -> int:
    """Prints what differs."""
    missing = 0
    for example, language in EXAMPLES.items():
        for readme in (CLIENTS.parent / "README.md", example.parents[1] / "README.md"):
            if not shows(readme, example, language):
                print(f"{readme} has no ```{language} fence with exactly {example}", file=sys.stderr)
                missing += 1
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
