// Writes the types of the schemas of an OpenAPI document: `node scripts/generate-types.mjs DOCUMENT FILE`.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const [source, target] = process.argv.slice(2);
if (source === undefined || target === undefined) throw new Error("give the document and the file to write");
const types = await openapiTS(await readFile(source, "utf8"), { rootTypes: true, rootTypesNoSchemaPrefix: true });
const head = "// Generated from infra/openapi.json by clients/generate. Do not edit.\n\n";
const empty = /^export type \S+ = Record<string, never>;\n/gm; // the parts that the document has nothing of
await writeFile(target, head + astToString(types).replace(empty, ""));
