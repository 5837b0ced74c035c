// A link by which somebody signs in once. Its secret stands in the fragment (`/#link=…`), which browsers send to no server.

/** Takes the secret out of the address, which others may see; null if there is none. */
export function take_link(): string | null {
  const link = /^#link=(.+)$/.exec(location.hash)?.[1];
  if (link === undefined) return null;
  history.replaceState(null, '', location.pathname);
  return link;
}

/** A link that is opened where the page is open already changes the fragment alone: the page begins anew with it. */
export function follow_links(): void {
  window.addEventListener('hashchange', () => {
    if (location.hash.startsWith('#link=')) location.reload();
  });
}
