// Medians, ratios, and what they are held against.
import { readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, release } from "node:os";

const GiB = 2 ** 30;

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The least of the numbers that this share of them does not exceed. */
export function percentile(numbers, share) {
  return [...numbers].sort((a, b) => a - b)[Math.ceil(numbers.length * share) - 1];
}

const medianOf = (rounds, pick) => median(rounds.map(pick));
const verdict = (good) => (good ? "✓" : "✗");
const n = (value, digits = 2) => value.toFixed(digits);

/** A row whose ratio is to be at least `least`. */
const atLeast = (what, ours, peer, ratio, least) => [what, ours, peer, n(ratio), `≥ ${least}`, verdict(ratio >= least)];
/** A row whose own figure is to be at most `most`. */
const atMost = (what, value, most, unit, digits = 2) => [what, `${n(value, digits)} ${unit}`, "", "", `≤ ${most} ${unit}`, verdict(value <= most)];
const noTarget = (what, ours, peer = "", ratio = "") => [what, ours, peer, ratio, "", ""];

function largeRows(rounds, bytes) {
  const size = bytes / GiB;
  const name = size === 1 ? "1 GiB" : `${bytes / 2 ** 20} MiB`;
  const seconds = (key) => medianOf(rounds, (r) => r[key]);
  const rate = (key) => `${n((size * 1024) / seconds(key), 0)} MiB/s`;
  const cpu = seconds("mediadCpu") / size;
  const hash = seconds("hashCpu") / size;
  return [
    atLeast(`${name}, against cat and sync`, rate("mediad"), rate("cat"), seconds("cat") / seconds("mediad"), 0.9),
    atLeast(`${name}, against nginx PUT (no sync)`, rate("mediad"), rate("nginx"), seconds("nginx") / seconds("mediad"), 0.9),
    atMost("CPU per GiB without the hash", cpu - hash, 0.6, "s"),
    noTarget("CPU per GiB with it", `${n(cpu)} s`, `nginx ${n(seconds("nginxCpu") / size)} s`),
    noTarget("CPU per GiB that SHA-256 takes", `${n(hash)} s`),
  ];
}

function smallRows(rounds, connections, count) {
  const name = `${count} × 64 KiB, ${connections} at once`;
  const rate = (who) => medianOf(rounds, (r) => r[who].per_second);
  const about = (who) => `${n(rate(who), 0)} /s (p50 ${n(medianOf(rounds, (r) => r[who].p50_ms), 1)}, p99 ${n(medianOf(rounds, (r) => r[who].p99_ms), 1)} ms; CPU ${n(medianOf(rounds, (r) => r[who].cpu_ms))} ms each)`;
  const rows = [
    atLeast(`${name}, against nginx PUT (no sync)`, about("mediad"), about("nginx"), rate("mediad") / rate("nginx"), 1),
    atLeast(`${name}, against @tus/server (no sync)`, `${n(rate("mediad"), 0)} /s`, about("tus"), rate("mediad") / rate("tus"), 4),
  ];
  if (rounds.every((r) => r.mediadTus))
    rows.push(noTarget(`${name}, both by tus`, `${n(rate("mediadTus"), 0)} /s`, `@tus/server ${n(rate("tus"), 0)} /s`, n(rate("mediadTus") / rate("tus"))));
  return rows;
}

/** The table of all that was measured, and the circumstances. */
export function report(m, about) {
  const rows = [];
  if (m.large.length) rows.push(...largeRows(m.large, about.largeBytes));
  for (const connections of [16, 64])
    if (m.small[connections].length) rows.push(...smallRows(m.small[connections], connections, about.smallCount));
  if (m.preview.length) {
    rows.push(atMost("GET of a preview beside 3 large uploads, p99", medianOf(m.preview, (r) => r.p99_ms), 25, "ms", 1));
    rows.push(noTarget("the same, p50", `${n(medianOf(m.preview, (r) => r.p50_ms), 1)} ms`));
  }
  if (m.memory) {
    rows.push(atMost("Memory at rest", m.memory.rest / 2 ** 20, 40, "MiB", 1));
    rows.push(atMost(`Memory per open, idle upload, at ${about.idleCount}`, m.memory.perUpload / 1024, 16, "KiB", 1));
  }
  const head = [["What", "mediad", "Other", "Ratio", "Target", "Met"], ["---", "---", "---", "---", "---", "---"]];
  const table = [...head, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
  const model = cpus()[0]?.model.trim() ?? "unknown";
  return `${table}

Medians of ${m.rounds} interleaved rounds${about.quick ? " (--quick: a hint, not a result)" : ""}${about.clear ? " (--clear)" : ""}${about.realTime ? ", with real-time priority" : ""}; ${about.version}; ${cpus().length} cores (${model}, ${arch()}), Linux ${release()};
load average ${n(about.load)} when it began; it took ${n(about.seconds, 0)} s.`;
}

/** Puts the text between the two marks of the file that name the program. */
export function writeTable(file, text, program = "bench/uploads") {
  const [start, stop] = [`<!-- table of ${program} -->`, `<!-- end of the table of ${program} -->`];
  const old = readFileSync(file, "utf8");
  const from = old.indexOf(start);
  const to = old.indexOf(stop);
  if (from < 0 || to < from) throw new Error(`${file} has no place for the table`);
  writeFileSync(file, `${old.slice(0, from + start.length)}\n${text}\n${old.slice(to)}`);
}
