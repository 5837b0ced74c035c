// Every route, with the rights of which a caller must have one, and a request that only a missing right can refuse.
import { appending, json_body } from "./people.mjs";

const known = ["upload", "read", "write", "delete", "share", "admin"];
const anybody = [];
const tus = { headers: { "Tus-Resumable": "1.0.0" } };

/**
 * @param needs   one of them is enough; none: anybody may ask. Of `/s/` they are the kinds of shares whose guests may ask; none: whoever has a key.
 * @param options `with`: what is sent; `id`: what stands for `{id}`, made anew if it is a function of `things`, which belongs to the owner if
 *     `isOwn`; `person`: no token may; `isWrong`: a guest is let in and refused; `ends`: the caller's session counts no more afterwards; `endsSessions`: all others of the user; `all`: what
 *     is needed of rights together; `proof`: a password that was given here; `ticket`: an upload ticket leads there; `signed`: an address that shows a signature opens it;
 *     `granted`: what is needed of rights in the folder that it is in, by others than the owner;
 *     `seesNothing`: a caller who may only send asks for nothing that others have sent.
 */
const row = (method, path, needs, options = {}) => ({ method, path, needs, with: {}, ...options });

const nobodys_file = "01JD0000000000000000000000";
const ofTicket = { ticket: true };
const ofFile = { id: (things) => things.photo, isOwn: true };
// To those who were granted these rights, and more, in the folder.
const toView = { granted: "view" };
const toAdd = { granted: "add" };
const toEdit = { granted: "edit" };
const ofUpload = { id: (things) => things.upload, isOwn: true };

export const rows = [
  row("post", "/v1/files", ["upload"], { ...ofTicket, with: { body: "sand" } }),
  row("get", "/v1/files", ["read"]),
  row("options", "/v1/files", anybody),
  row("post", "/v1/files/batch", ["write", "delete"], { all: ["write"], with: json_body({ ids: [nobodys_file], do: "restore" }) }),
  row("post", "/v1/files/batch", ["write", "delete"], { all: ["delete"], with: json_body({ ids: [nobodys_file], do: "delete" }) }),
  row("get", "/v1/files/{id}", ["read", "upload"], { ...ofTicket, ...ofFile, ...toView }),
  row("head", "/v1/files/{id}", ["read", "upload"], { ...ofTicket, ...ofUpload, with: tus }),
  // Bytes of an upload need another right than what is said of a file.
  row("patch", "/v1/files/{id}", ["write", "upload"], { ...ofTicket, ...ofUpload, all: ["upload"], with: { headers: appending(0), body: "s" } }),
  row("patch", "/v1/files/{id}", ["write", "upload"], { ...ofTicket, ...ofFile, ...toEdit, all: ["write"], with: json_body({ favourite: true }) }),
  // For clients that cannot send PATCH.
  row("post", "/v1/files/{id}", ["write", "upload"], { ...ofTicket, ...ofUpload, all: ["upload"], with: { headers: { ...appending(0), "X-HTTP-Method-Override": "PATCH" }, body: "s" } }),
  row("delete", "/v1/files/{id}", ["delete"], { id: (things) => things.newFile(), isOwn: true, ...toEdit }),
  row("options", "/v1/files/{id}", anybody, { id: (things) => things.photo }),
  row("post", "/v1/files/{id}/cancel", ["write", "upload"], { ...ofTicket, ...ofFile, ...toEdit }),
  row("post", "/v1/files/{id}/retry", ["write"], { ...ofFile, ...toEdit }),
  row("post", "/v1/files/{id}/restore", ["write"], { ...ofFile, ...toEdit }),
  row("delete", "/v1/trash", ["delete"]),
  row("get", "/v1/files/{id}/content", ["read"], { ...ofFile, ...toView, signed: true }),
  row("get", "/v1/files/{id}/preview", ["read"], { ...ofFile, ...toView, signed: true }),
  row("get", "/v1/files/{id}/renditions/{name}", ["read"], { ...ofFile, ...toView, signed: true }),
  row("get", "/v1/files/{id}/archive", ["read"], { ...ofFile, ...toView, signed: true }),
  row("post", "/v1/files/{id}/sign", ["share"], { ...ofFile, all: ["share", "read"], with: json_body({ of: "content" }) }),
  row("get", "/v1/tags", ["read"]),
  row("get", "/v1/timeline", ["read"]),
  row("get", "/v1/timeline/{month}", ["read"]),
  row("get", "/v1/folders", ["read"]),
  row("post", "/v1/folders", ["upload", "write"], { with: json_body({}) }),
  row("get", "/v1/folders/{id}", ["read"], { id: (things) => things.folder, isOwn: true, ...toView }),
  row("patch", "/v1/folders/{id}", ["write"], { id: (things) => things.folder, isOwn: true, with: json_body({}) }),
  row("delete", "/v1/folders/{id}", ["delete"], { id: (things) => things.newFolder(), isOwn: true, ...toEdit }),
  row("put", "/v1/folders/{id}/grants", ["share"], { id: (things) => things.newFolder(), isOwn: true, proof: true, with: json_body([]) }),
  // `{path}` is a folder of the owner's: others may not add to it.
  row("put", "/v1/folders/{path}/{name}", ["upload"], { id: (things) => things.folder, isOwn: true, seesNothing: true, ...toAdd, with: { body: "sand" } }),
  row("get", "/v1/events", ["read", "upload"], { ...ofTicket, with: { headers: { Accept: "text/event-stream" } } }),
  row("post", "/v1/session", anybody),
  row("get", "/v1/session", known),
  row("delete", "/v1/session", known, { ends: true }),
  row("get", "/v1/sessions", known, { person: true }),
  row("delete", "/v1/sessions", known, { person: true, endsSessions: true }),
  row("delete", "/v1/sessions/{id}", known, { person: true, id: (things) => things.newSession(), isOwn: true }),
  row("put", "/v1/password", known, { person: true, proof: true }),
  row("get", "/v1/totp", known, { person: true }),
  row("post", "/v1/totp", known, { person: true, proof: true }),
  row("put", "/v1/totp", known, { person: true, proof: true, with: json_body({}) }),
  row("post", "/v1/totp/disable", known, { person: true, proof: true, with: json_body({}) }),
  row("get", "/v1/tokens", known, { person: true }),
  row("post", "/v1/tokens", known, { person: true, proof: true, with: json_body({}) }),
  row("delete", "/v1/tokens/{id}", known, { person: true, id: (things) => things.newToken(), isOwn: true }),
  row("post", "/v1/tickets", ["upload"], { with: json_body({}) }),
  row("delete", "/v1/tickets/{id}", ["upload"], { id: (things) => things.newTicket() }),
  row("get", "/v1/users", ["admin"]),
  row("post", "/v1/users", ["admin"], { person: true, proof: true, with: json_body({}) }),
  row("get", "/v1/users/{id}", ["admin"], { id: (things) => things.owner }),
  row("patch", "/v1/users/{id}", ["admin"], { person: true, proof: true, id: (things) => things.owner, with: json_body({ display_name: "Mia" }) }),
  row("delete", "/v1/users/{id}", ["admin"], { person: true, proof: true, id: (things) => things.owner }),
  row("post", "/v1/users/{id}/link", ["admin"], { person: true, proof: true, id: (things) => things.owner }),
  row("get", "/v1/audit", ["admin"]),
  row("get", "/v1/admin/status", ["admin"]),
  row("post", "/v1/admin/reload", ["admin"]),
  row("post", "/v1/notices", ["admin"], { with: json_body({ message: "Back at noon." }) }),
  row("get", "/v1/shares", ["share"]),
  row("post", "/v1/shares", ["share"], { proof: true, with: json_body({}) }),
  row("get", "/v1/shares/{id}", ["share"], { id: (things) => things.share, isOwn: true }),
  row("patch", "/v1/shares/{id}", ["share"], { proof: true, id: (things) => things.share, isOwn: true, all: ["upload"], with: json_body({ expires_at: null }) }),
  row("delete", "/v1/shares/{id}", ["share"], { id: (things) => things.newShare(), isOwn: true }),
  row("get", "/s/{key}", anybody),
  row("get", "/s/{key}/share", ["view", "download", "originals", "upload"]),
  row("post", "/s/{key}/password", ["view", "download", "originals", "upload"], { isWrong: true, with: json_body({ password: "" }) }),
  row("get", "/s/{key}/files", ["view", "download", "originals"]),
  row("post", "/s/{key}/files", ["upload"], { with: { body: "sand", headers: {} } }),
  row("options", "/s/{key}/files", anybody),
  row("options", "/s/{key}/files/{id}", anybody, { id: (things) => things.photo }),
  row("get", "/s/{key}/files/{id}", ["view", "download", "originals"], { id: (things) => things.photo }),
  row("head", "/s/{key}/files/{id}", ["upload"], { id: (things) => things.guestUpload, with: tus }),
  row("patch", "/s/{key}/files/{id}", ["upload"], { id: (things) => things.guestUpload, with: { headers: appending(0), body: "s" } }),
  row("get", "/s/{key}/files/{id}/content", ["download", "originals"], { id: (things) => things.photo }),
  row("get", "/s/{key}/files/{id}/preview", ["view", "download", "originals"], { id: (things) => things.photo }),
  row("get", "/s/{key}/files/{id}/renditions/{name}", ["view", "download", "originals"], { id: (things) => things.photo }),
  row("get", "/s/{key}/files/{id}/archive", ["originals"], { id: (things) => things.photo }),
  row("get", "/livez", anybody),
  row("get", "/readyz", anybody),
  row("get", "/metrics", ["admin"]),
  row("get", "/openapi.json", anybody),
  row("get", "/asyncapi.json", anybody),
  row("get", "/", anybody),
];

/** What must come of it: the status that refuses, or `open`. */
export function expected(row, caller) {
  if (row.needs.length === 0) return "open";
  if (row.path.startsWith("/s/")) {
    // Nothing but the key counts there: without one of a share all others are strangers.
    if (!caller.share) return "404";
    return row.needs.includes(caller.share) && !row.isWrong ? "open" : "403";
  }
  if (caller.opens) return row.signed ? caller.opens : "401";
  if (!caller.rights) return "401";
  if (!row.needs.some((one) => caller.rights.includes(one))) return "403";
  if (caller.isTicket && !row.ticket) return "403";
  if (row.person && caller.isToken) return "403";
  // By the right to upload alone one sees what one has sent oneself.
  const sentOnly = caller.isToken && !row.seesNothing && ![...row.needs, "read"].some((one) => one !== "upload" && caller.rights.includes(one));
  const isGranted = row.granted && ["view", "add", "edit"].indexOf(caller.granted) >= ["view", "add", "edit"].indexOf(row.granted);
  if (row.isOwn && ((caller.user !== "mia" && !isGranted) || sentOnly)) return "404";
  if (row.proof && caller.isProxied) return "403";
  return row.all?.some((one) => !caller.rights.includes(one)) ? "403" : "open";
}
