"""Writes the operations of both clients, and the document's schemas alone for the generators of types.

`python clients/generator TYPESCRIPT_FILE PYTHON_FILE SCHEMAS_FILE`
"""

import json
import sys
from pathlib import Path

from document import load, read_operations
from python import python
from typescript import typescript

typescript_file, python_file, schemas_file = map(Path, sys.argv[1:])
document = load()
operations = read_operations(document)
version = document["info"]["version"]
typescript_file.write_text(typescript(operations, version), encoding="utf-8")
python_file.write_text(python(operations, version), encoding="utf-8")
schemas_file.write_text(json.dumps(document | {"paths": {}}), encoding="utf-8")
