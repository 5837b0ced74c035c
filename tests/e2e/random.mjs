// Chance that can be repeated: everything follows from a seed.
import { createCipheriv, createHash } from "node:crypto";

export class Random {
  #state;

  constructor(seed) {
    this.#state = createHash("sha256").update(String(seed)).digest().readUInt32LE();
  }

  /** 0 ≤ x < 1 (mulberry32, public domain). */
  unit() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let x = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from least to most. */
  between(least, most) {
    return least + Math.floor(this.unit() * (most - least + 1));
  }

  /** True once in so many times. */
  oneIn(times) {
    return this.unit() * times < 1;
  }

  /** One of the keys of { key: weight }. */
  weighted(weights) {
    let left = this.unit() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    for (const [key, weight] of Object.entries(weights)) if ((left -= weight) < 0) return key;
    return Object.keys(weights).at(-1);
  }

  /** A size as files have them: many small ones, few large ones. */
  size(most) {
    return Math.floor(most * this.unit() ** 4);
  }
}

/** Bytes that follow from a name, and look like no file format. */
export function contentOf(name, bytes) {
  const key = createHash("sha256").update(name).digest();
  const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  return cipher.update(Buffer.alloc(bytes));
}

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
