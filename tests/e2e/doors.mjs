// What the doors for resumable uploads want to hear: tus 1.0, and the IETF's draft as its clients speak it.

const base64 = (text) => Buffer.from(text).toString("base64");

export const tus = {
  name: "tus",
  creation: ({ name, bytes, body }) => ({
    "Tus-Resumable": "1.0.0", "Upload-Length": bytes, "Upload-Metadata": `filename ${base64(name)}`,
    ...(body > 0 ? { "Content-Type": "application/offset+octet-stream" } : {}),
  }),
  appending: ({ offset }) => ({
    "Tus-Resumable": "1.0.0", "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream",
  }),
  asking: { "Tus-Resumable": "1.0.0" },
  /** Answers to an append that was taken: in its middle, and at its end. */
  appended: [204],
};

export const ietf = {
  name: "ietf",
  creation: ({ name, bytes, body }) => ({
    "Upload-Draft-Interop-Version": 6, "Upload-Complete": body === bytes ? "?1" : "?0", "Upload-Length": bytes,
    "Content-Disposition": `attachment; filename="${name}"`,
  }),
  appending: ({ offset, last }) => ({
    "Upload-Draft-Interop-Version": 6, "Upload-Offset": offset, "Upload-Complete": last ? "?1" : "?0",
    "Content-Type": "application/partial-upload",
  }),
  asking: { "Upload-Draft-Interop-Version": 6 },
  appended: [200, 201, 204],
};
