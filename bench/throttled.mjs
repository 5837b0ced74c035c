import net from "node:net";

/**
 * Uploads `bytes` as `name` by raw POST at `mbit` Mbit/s, or at once if that is Infinity.
 * @returns milliseconds from the last byte sent to the whole answer, which must hold the preview.
 */
export function upload(server, name, bytes, mbit) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(server.port, "127.0.0.1").setNoDelay(true);
    socket.once("error", reject);
    socket.write(`POST /v1/files?name=${name} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${bytes.length}\r\n\r\n`);
    const began = performance.now();
    let sent = 0;
    let last = 0;
    const send = () => {
      const due = mbit === Infinity ? bytes.length : Math.min(bytes.length, Math.floor((performance.now() - began) * mbit * 125));
      // Over once the system has taken the last byte, not when it waits here for its turn.
      const taken = due === bytes.length ? () => (last = performance.now()) : undefined;
      if (due > sent) socket.write(bytes.subarray(sent, due), taken);
      sent = due;
      if (sent < bytes.length) setTimeout(send, 1);
    };
    send();
    let text = "";
    socket.on("data", (piece) => {
      text += piece;
      const [head, body] = [text.slice(0, text.indexOf("\r\n\r\n")), text.slice(text.indexOf("\r\n\r\n") + 4)];
      if (body.length < Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Infinity)) return;
      const took = performance.now() - last;
      socket.destroy();
      if (!JSON.parse(body).preview) reject(new Error(`no preview in ${head}`));
      else resolve(took);
    });
  });
}
