// Photos and videos that ffmpeg makes, each unlike all others by a few bytes, so that nothing is stored once for two.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

export function ffmpeg(folder, name, ...args) {
  const file = path.join(folder, name);
  execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-y", ...args, file]);
  return readFileSync(file);
}

/** 12 MP as phones have them: five pictures, told apart by a comment behind their start. */
export function makePhotos(folder) {
  const pictures = [0.05, 0.3, 0.7, 1.2, 2].map((scale, i) => ffmpeg(folder, `${i}.jpg`, "-f", "lavfi", "-i", `mandelbrot=size=1500x1125:start_scale=${scale}`,
    "-frames:v", "1", "-vf", "scale=4000:3000:flags=bicubic,noise=alls=14:all_seed=7", "-pix_fmt", "yuvj420p", "-q:v", "3"));
  let count = 0;
  return () => {
    const jpeg = pictures[count++ % pictures.length];
    return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, 10]), Buffer.from(String(count).padStart(8, "0")), jpeg.subarray(2)]);
  };
}

/** Of one MP4 as many as are asked for, told apart by a `free` box at the end. */
export function makeCopies(video) {
  let count = 0;
  return () => {
    const box = Buffer.alloc(16);
    box.writeUInt32BE(16, 0);
    box.write("free", 4, "latin1");
    box.writeUInt32BE(++count, 12);
    return Buffer.concat([video, box]);
  };
}
