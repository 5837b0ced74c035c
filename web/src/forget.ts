// What happens to the page when the person at it goes.

/** What tus keeps to find an unfinished upload again begins so: names of files, and where they are sent. */
const kept_by_tus = 'tus::';

/** Rids the browser of what the page has kept, and loads the page anew: so nothing is left in its memory. */
export function forget_everything(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(kept_by_tus)) localStorage.removeItem(key);
  } catch {
    // A browser that refuses storage has kept nothing.
  }
  // The address may name a file.
  history.replaceState(null, '', location.pathname);
  location.reload();
}
