// An authority of our own and what it signs, made with openssl.
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { tool } from "./server.mjs";

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

export class Authority {
  static async make() {
    const made = new Authority();
    made.folder = await mkdtemp(path.join(tmpdir(), "mediad-ca-"));
    made.file = made.path("ca.pem");
    await tool("openssl", "req", "-x509", ...newKey, "-days", "2", "-subj", "/CN=mediad tests", "-keyout", made.path("ca.key"), "-out", made.file);
    return made;
  }

  path(name) {
    return path.join(this.folder, name);
  }

  /** Writes a new certificate for this machine, and its key, over those before; answers { certificate, key }. */
  async issue(name, days = 2) {
    const [request, names, certificate, key] = ["csr", "names", "pem", "key"].map((end) => this.path(`${name}.${end}`));
    await writeFile(names, "subjectAltName = DNS:localhost, DNS:media.test, IP:127.0.0.1\n");
    await tool("openssl", "req", "-new", ...newKey, "-subj", `/CN=${name}`, "-keyout", key, "-out", request);
    await tool("openssl", "x509", "-req", "-in", request, "-CA", this.file, "-CAkey", this.path("ca.key"), "-days", `${days}`, "-extfile", names, "-out", certificate);
    await chmod(key, 0o600);
    return { certificate, key };
  }

  async dispose() {
    await rm(this.folder, { recursive: true, force: true });
  }
}
