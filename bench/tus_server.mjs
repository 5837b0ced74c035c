// @tus/server with its files in the folder given; prints its port.
import { Server } from "@tus/server";
import { FileStore } from "@tus/file-store";

const server = new Server({ path: "/files", datastore: new FileStore({ directory: process.argv[2] }) });
const http = server.listen(0, "127.0.0.1", () => console.log(http.address().port));
