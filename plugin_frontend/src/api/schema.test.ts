/** The types made from the schema are those of the schema as it is now. After a change of it: `npm run types`. */

import { readFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";
import { expect, it } from "vitest";

const SCHEMA = new URL("../../../kd_projector/plugin/http_api.schema.json", import.meta.url);

it("has made the types of the plugin's schema (npm run types makes them anew)", async () => {
  const made = await compile(JSON.parse(await readFile(SCHEMA, "utf8")), "HttpApi", {
    additionalProperties: false,
    bannerComment: "/** Made from kd_projector/plugin/http_api.schema.json by `npm run types`: do not edit. */",
    // Bounds of lists are for the server's tests; as tuples they would be of no use here.
    ignoreMinAndMaxItems: true,
    style: { printWidth: 120 },
  });
  await expect(made).toMatchFileSnapshot("./schema.generated.ts");
});
