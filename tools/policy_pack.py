"""Write the folder for `pulumi policy publish`: the pack and everything that it imports, without pulumi-policy."""

import shutil
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".build" / "policy-pack"
PARTS = ("policies/PulumiPolicy.yaml", "policies/__main__.py", "policies/apprunner_policies", "policies/config")
FACTS = "components/apprunner_facts"


def assemble(folder: Path) -> Path:
    """Write the pack into a folder, which is emptied first, and return it.

    The folder contains the facts next to the rules, and requirements.txt contains only pulumi-policy: the pack needs
    neither pulumi-aws nor the components. The version is added to PulumiPolicy.yaml: pyproject.toml alone has it.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for part in (*PARTS, FACTS):
        path = ROOT / part
        if path.is_dir():
            shutil.copytree(path, folder / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, folder)
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extra = metadata["optional-dependencies"]["policies"]
    (folder / "requirements.txt").write_text(next(f"{each}\n" for each in extra if each.startswith("pulumi-policy")))
    with (folder / "PulumiPolicy.yaml").open("a") as manifest:
        manifest.write(f"version: {metadata['version']}\n")
    return folder


if __name__ == "__main__":
    print(assemble(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
