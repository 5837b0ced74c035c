// What a picture shows, by a few of its pixels, through ImageMagick.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

// The four quarters of tests/data/formats.sh: top left, top right, bottom left, bottom right.
export const quarters = [[200, 40, 40], [40, 170, 60], [40, 60, 200], [230, 220, 60]];

/** The average colour in the middle of each quarter. */
export async function quartersOf(file) {
  const { stdout } = await run("convert", [`${file}[0]`, "-colorspace", "sRGB", "-alpha", "off", "-filter", "box", "-resize", "8x8!", "-depth", "8", "rgb:-"],
    { encoding: "buffer", timeout: 60_000 });
  return [[1, 1], [6, 1], [1, 6], [6, 6]].map(([x, y]) => [...stdout.subarray(3 * (8 * y + x), 3 * (8 * y + x) + 3)]);
}

/** The largest delta-E (CIE76, sRGB, D65) of the four quarters to what they should be. */
export async function colourError(file, wanted = quarters) {
  const seen = await quartersOf(file);
  return Math.max(...seen.map((colour, i) => deltaE(colour, wanted[i])));
}

export function deltaE(a, b) {
  return Math.hypot(...lab(a).map((v, i) => v - lab(b)[i]));
}

function lab(rgb) {
  const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  const [x, y, z] = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505, 0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
  ].map((t) => (t > 216 / 24389 ? Math.cbrt(t) : (t * 24389 / 27 + 16) / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
