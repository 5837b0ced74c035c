// Holds every answer and every event against docs/openapi.json and docs/asyncapi.json.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";

const docs = process.env.MEDIAD_DOCS;
if (!docs) throw new Error("MEDIAD_DOCS is not set");
const openapi = JSON.parse(readFileSync(path.join(docs, "openapi.json")));
const asyncapi = JSON.parse(readFileSync(path.join(docs, "asyncapi.json")));

const ajv = formats.default(new Ajv2020({ strict: false, allErrors: true }));
ajv.addSchema(openapi, "openapi");
ajv.addSchema(asyncapi, "asyncapi");

const routes = Object.keys(openapi.paths).map((template) => ({
  template,
  // A literal segment beats a parameter: the more literal template comes first.
  parameters: (template.match(/\{/g) ?? []).length,
  pattern: new RegExp(`^${template.replace("{path}", ".+").replace(/\{[^}]+\}/g, "[^/]+")}$`),
})).sort((a, b) => a.parameters - b.parameters);

const pointer = (text) => text.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("{", "%7B").replaceAll("}", "%7D");

function check(schema, value, what) {
  const validate = ajv.getSchema(schema) ?? ajv.compile({ $ref: schema });
  assert.ok(validate(value), `${what}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(value)}`);
}

/** @param body the parsed JSON of the answer, or null for one without JSON. */
export function checkAnswer(method, target, status, mediaType, body) {
  const { pathname } = new URL(target, "http://x");
  const route = routes.find((r) => r.pattern.test(pathname));
  if (!route) return assert.equal(status, 404, `${pathname} is not in docs/openapi.json`);
  if ([405, 415, 431, 500].includes(status)) return check("openapi#/components/schemas/Problem", body, `${method} ${pathname}`);
  const responses = openapi.paths[route.template][method.toLowerCase()]?.responses ?? {};
  const response = responses[status];
  const what = `${method} ${route.template} ${status}`;
  assert.ok(response, `${what} is not in docs/openapi.json`);
  const type = (mediaType ?? "").split(";")[0];
  // What many operations answer alike stands once, in components.responses.
  const place = response.$ref ?? `#/paths/${pointer(route.template)}/${method.toLowerCase()}/responses/${status}`;
  const content = response.$ref ? openapi.components.responses[response.$ref.split("/").pop()].content : response.content;
  if (!type.includes("json") || !content?.[type]?.schema) return;
  check(`openapi${place}/content/${pointer(type)}/schema`, body, what);
}

/** A frame that the server sent over WebSocket or as data of a server-sent event. */
export function checkFrame(frame) {
  const key = frame.type?.replace(".", "_");
  assert.ok(asyncapi.components.messages[key], `${frame.type} is not in docs/asyncapi.json`);
  check(`asyncapi#/components/messages/${key}/payload`, frame, frame.type);
}
