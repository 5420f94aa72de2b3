import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const nodeTest = { from: "package", package: "node:test", name: ["describe", "it", "test"] };

export default defineConfig(
  { ignores: ["dist", "src/types.ts"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      "max-len": ["error", { code: 120 }],
      "no-undef": "off", // tsc knows the globals
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: [nodeTest] }],
    },
  },
);
