// Writes the types of the OpenAPI document's schemas: `node scripts/generate-types.mjs FILE`.
// The paths are left out: clients/generator writes them as methods.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error("give the file to write");
const text = await readFile(new URL("../../../infra/openapi.json", import.meta.url), "utf8");
/** @type {import("openapi-typescript").OpenAPI3} */
const document = { .../** @type {import("openapi-typescript").OpenAPI3} */ (JSON.parse(text)), paths: {} };
const types = await openapiTS(document, { rootTypes: true, rootTypesNoSchemaPrefix: true });
const head = "// Generated from infra/openapi.json by clients/generate. Do not edit.\n\n";
const empty = /^export type \S+ = Record<string, never>;\n/gm; // what the document's other parts would be
await writeFile(target, head + astToString(types).replace(empty, ""));
