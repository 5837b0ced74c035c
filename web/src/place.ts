// Where the server's paths are: the page may be below a path of a proxy, and is at the root of what it is given.

/** The URL of one of the server's paths, `/v1/files`. */
export const url_of = (path: string): string => new URL(`.${path}`, location.href).href;
