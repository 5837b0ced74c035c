// The whole table of who may ask what: every route × everybody who could ask, on a real server.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { checkAnswer } from "./contract.mjs";
import { Caller, addUser, all_scopes, ask, done, json_body, sleep } from "./people.mjs";
import { expected, rows } from "./people_rows.mjs";
import { Server, data } from "./server.mjs";

const openapi = JSON.parse(readFileSync(path.join(process.env.MEDIAD_DOCS, "openapi.json")));
const methods = ["get", "head", "post", "put", "patch", "delete", "options"];

let server;
let secrets; // a folder
/** Column → { caller, rights, user, isToken, isTicket, isProxied, opens }; without rights nobody is known by it; `opens`: what a signed address gives. */
const columns = new Map();
/** Users by what mia has granted them in a folder. */
const granted = ["view", "add", "edit"];
/** What stands for `{id}`; all of it belongs to mia. */
const things = {};
/** Answers that docs/openapi.json does not have. */
const unheard = new Set();

before(async () => {
  server = await startBehindProxy();
  await addUser(server, "ada", "--admin");
  for (const name of ["mia", "bea", "dan", ...granted]) await addUser(server, name);
  const [ada, mia, bea] = await Promise.all(["ada", "mia", "bea"].map((name) => Caller.signIn(server, name)));

  things.owner = (await mia.json("GET", "/v1/session")).body.user.id;
  const made = async (name, parent = null) => (await mia.json("POST", "/v1/folders", json_body({ name, parent, unique: true }))).body.id;
  things.folder = await made("summer");
  things.newFolder = () => made("gone", things.folder);
  const { id } = await mia.upload(`photo.jpg&folder=${things.folder}`, await readFile(path.join(data, "photo.jpg")));
  const photo = await mia.finished(id);
  things.photo = photo.id;
  things.rendition = photo.renditions[0].name;
  things.upload = (await mia.beginTus(4)).split("/").at(-1);
  things.newFile = async () => (await mia.upload(`a.txt&folder=${things.folder}`, "sand")).id;
  things.newToken = async () => (await mia.token(["read"])).id;
  things.newTicket = async () => (await mia.json("POST", "/v1/tickets", json_body({}))).body.id;
  things.newSession = async () => {
    const another = await Caller.signIn(server, "mia");
    const { body } = await another.json("GET", "/v1/sessions");
    return body.items.find((one) => one.current).id;
  };

  const add = (name, caller, user, rights, isToken = false, more = {}) => columns.set(name, { caller, user, rights, isToken, ...more });
  add("nobody", new Caller(server, {}), "");
  add("other", bea, "bea", all_scopes);
  add("owner", mia, "mia", all_scopes);
  add("admin", ada, "ada", [...all_scopes, "admin"]);
  add("proxied other", proxied("bea"), "bea", all_scopes, false, { isProxied: true });
  add("proxied owner", proxied("mia"), "mia", all_scopes, false, { isProxied: true });
  // A name never makes an admin.
  add("proxied admin", proxied("ada"), "ada", all_scopes, false, { isProxied: true });
  add("proxied unknown", proxied("eve"), "eve");
  add("proxied disabled", proxied("dan"), "dan");
  const grants = granted.map((right) => ({ user: right, right }));
  assert.equal((await mia.ask("PUT", `/v1/folders/${things.folder}/grants`, json_body(grants))).status, 200);
  for (const right of granted) add(`granted ${right}`, await Caller.signIn(server, right), right, all_scopes, false, { granted: right });
  for (const scope of all_scopes) add(`token ${scope}`, await mia.token([scope]), "mia", [scope], true);
  add("token admin", await ada.token(["admin"]), "ada", ["admin"], true);
  add("disabled", await Caller.byCommand(server, "dan", ...all_scopes), "dan");
  await done(server.root, ["user", "disable", "dan"]);
  const revoked = await mia.token(all_scopes);
  assert.equal((await mia.ask("DELETE", `/v1/tokens/${revoked.id}`)).status, 204);
  add("revoked", revoked, "mia");
  add("expired", await mia.token(all_scopes, { expires_at: new Date(Date.now() + 1500).toISOString() }), "mia");
  const tickets = [{}, { expires_in: 1 }].map((one) => mia.ticket(one));
  const [ticket, late] = await Promise.all(tickets);
  const signed = await SignedCaller.of(mia, photo);
  const expired = await SignedCaller.of(mia, photo, 1);
  await sleep(2100);
  add("ticket", ticket, "mia", ["upload"], true, { isTicket: true });
  add("ticket expired", late, "mia");
  add("signature", signed, "mia", [], false, { opens: "open" });
  add("signature expired", expired, "mia", [], false, { opens: "401" });
  add("signature tampered", signed.tampered(), "mia", [], false, { opens: "401" });
  await share(mia);
});

const proxy_secret = "sixteen bytes and some";

/** A server that believes whom a proxy names, here by the secret. */
async function startBehindProxy() {
  secrets = await mkdtemp(path.join(tmpdir(), "mediad-e2e-"));
  const secret = path.join(secrets, "proxy");
  await writeFile(secret, `${proxy_secret}\n`, { mode: 0o600 });
  return Server.start({ settings: { "auth.proxy_header": "Remote-User", "auth.proxy_peers": "127.0.0.1", "auth.proxy_secret": secret } });
}

const proxied = (name) => new Caller(server, { "Remote-User": name, "Mediad-Proxy-Secret": proxy_secret, "Sec-Fetch-Site": "same-origin" });

/** Asks for each address as it was signed, and for any other below /v1 with the signature of the original. */
class SignedCaller {
  constructor(server, queries) {
    Object.assign(this, { server, queries });
  }

  static async of(caller, photo, expires_in = 600) {
    const queries = new Map();
    for (const of of ["content", "preview", "archive", `renditions/${photo.renditions[0].name}`])
      queries.set(`/v1/files/${photo.id}/${of}`, new URL(await caller.signed(photo.id, of, { expires_in }), caller.server.url).search);
    return new SignedCaller(caller.server, queries);
  }

  tampered() {
    return new SignedCaller(this.server, new Map([...this.queries].map(([target, query]) => [target, `${query}&download=1`])));
  }

  ask(method, target, options) {
    const query = this.queries.get(target) ?? (target.startsWith("/v1/") ? [...this.queries.values()][0] : "");
    return ask(this.server, method, target + query, options);
  }
}

/** A share of each kind, whose guest shows the key in all ways there are. */
async function share(mia) {
  const make = async (wanted) => {
    const { status, body, text } = await mia.json("POST", "/v1/shares", json_body(wanted));
    assert.equal(status, 201, text);
    return { id: body.id, key: body.url.split("/s/")[1] };
  };
  things.share = (await make({ allow: "upload" })).id;
  things.newShare = async () => (await make({ allow: "upload" })).id;
  const files = [things.photo];
  const kinds = { view: { allow: "view", files }, download: { allow: "download", files }, originals: { allow: "download", files, originals: true }, upload: { allow: "upload" } };
  for (const [kind, wanted] of Object.entries(kinds)) {
    const { key } = await make(wanted);
    const guest = new Caller(server, { Authorization: `Bearer ${key}` });
    columns.set(`share ${kind}`, { caller: guest, share: kind, key });
    if (kind !== "upload") continue;
    const begun = await guest.ask("POST", `/s/${key}/files`, { headers: { "Tus-Resumable": "1.0.0", "Upload-Length": 4 } });
    assert.equal(begun.status, 201, begun.text);
    things.guestUpload = begun.headers.location.split("/").at(-1);
  }
}
const nobodys_key = `01ARZ3NDEKTSV4RRFFQ69G5FAV${"x".repeat(43)}`;

after(async () => {
  await server.dispose();
  await rm(secrets, { recursive: true });
});

/** Gives those who are known by a session of the user another one. */
async function signInAgain(user) {
  const { fields } = await Caller.signIn(server, user);
  for (const name of ["other", "owner", "admin"]) if (columns.get(name).user === user) columns.get(name).caller.fields = fields;
}

async function askFor(row, column) {
  const id = row.id ? await row.id(things) : "";
  const target = row.path.replace("{id}", id).replace("{path}", id).replace("{name}", things.rendition).replace("{key}", column.key ?? nobodys_key).replace("{month}", "2026-11");
  const isPerson = column.rights && !column.isToken && !column.opens;
  const caller = row.ends && isPerson ? await Caller.signIn(server, column.user) : column.caller;
  const method = row.method.toUpperCase();
  const answer = await caller.ask(method, target, row.with);
  // Whoever is known by a proxy has no session that would be left.
  if (row.endsSessions && column.isProxied) await signInAgain(column.user);
  const type = answer.headers["content-type"] ?? "";
  const isJson = type.includes("json") && method !== "HEAD";
  try {
    checkAnswer(method, target, answer.status, isJson ? type : "", isJson ? JSON.parse(answer.text) : null);
  } catch (problem) {
    unheard.add(problem.message.split("\n")[0]);
  }
  return answer.status;
}

const kind_of = (status) => ([401, 403, 404].includes(status) ? String(status) : "open");

test("every route of docs/openapi.json has a row", () => {
  const told = Object.entries(openapi.paths).flatMap(([where, item]) => methods.filter((method) => item[method]).map((method) => `${method} ${where}`));
  const tried = new Set(rows.map((row) => `${row.method} ${row.path}`));
  assert.deepEqual(told.filter((one) => !tried.has(one)), []);
});

test("who may ask what is what the routes need", async () => {
  console.log(`columns: ${[...columns.keys()].join(", ")}`);
  const wrong = [];
  for (const row of rows) {
    const cells = [];
    for (const [name, column] of columns) {
      const status = await askFor(row, column);
      const wanted = expected(row, column);
      const isRight = kind_of(status) === wanted;
      cells.push(isRight ? status : `${status}!`);
      if (!isRight) wrong.push(`${row.method} ${row.path} of ${name}: ${status} instead of ${wanted}`);
    }
    console.log(`${row.method.toUpperCase().padEnd(7)} ${row.path.padEnd(34)} ${cells.join(" ")}`);
  }
  assert.deepEqual(wrong, []);
});

test("docs/openapi.json has every answer of that table", () => {
  assert.deepEqual([...unheard], []);
});

test("a token is shut out by its own answer everywhere alike", async () => {
  const bodies = new Set();
  for (const name of ["disabled", "revoked", "expired"]) {
    const answer = await columns.get(name).caller.ask("GET", "/v1/files");
    assert.equal(answer.headers["www-authenticate"], 'Bearer realm="mediad"', name);
    bodies.add(answer.text);
  }
  assert.equal(bodies.size, 1);
});
