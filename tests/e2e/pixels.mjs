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

/** The colours of a grid of 16x16; what is transparent is magenta. */
async function gridOf(file) {
  const { stdout } = await run("convert", [`${file}[0]`, "-colorspace", "sRGB", "-background", "magenta", "-alpha", "remove", "-filter", "box", "-resize", "16x16!", "-depth", "8", "rgb:-"],
    { encoding: "buffer", timeout: 60_000 });
  return Array.from({ length: 256 }, (_, i) => [...stdout.subarray(3 * i, 3 * i + 3)]);
}

/** The largest delta-E of places [x, y, red, green, blue]; x and y are shares of the sides, from 0 to 1. */
export async function spotError(file, spots) {
  const grid = await gridOf(file);
  const at = (x, y) => grid[16 * Math.min(15, Math.floor(16 * y)) + Math.min(15, Math.floor(16 * x))];
  return Math.max(...spots.map(([x, y, ...colour]) => deltaE(at(x, y), colour)));
}

/** The largest delta-E between the grids of two pictures. */
export async function differenceOf(one, other) {
  const [a, b] = await Promise.all([gridOf(one), gridOf(other)]);
  return Math.max(...a.map((colour, i) => deltaE(colour, b[i])));
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
