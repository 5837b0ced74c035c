// The requests about people: who asks, signing in, and what belongs to an account.
import { request } from './api.ts';
import type { Allow, Audit, Device, MadeShare, MadeToken, NewSecret, Role, Scope, SecondFactor, Share, Token, User, Who } from './types.ts';

const ask_within_ms = 5_000;

const json = (body: object): RequestInit =>
  ({ headers: { Accept: 'application/json', 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

const at = (list: string, id: string): string => `/v1/${list}/${encodeURIComponent(id)}`;

async function items<T>(path: string): Promise<T[]> {
  return (await (await request('GET', path)).json() as { items: T[] }).items;
}

export async function who(): Promise<Who> {
  const patience = AbortSignal.timeout(ask_within_ms);
  return (await request('GET', '/v1/session', { cache: 'no-store', signal: patience })).json() as Promise<Who>;
}

/** @param code  of an authenticator, or on paper; empty if none is asked for. */
export async function sign_in(name: string, password: string, code: string): Promise<void> {
  await request('POST', '/v1/session', json({ name, password, ...(code && { code }) }));
}

/** Signs in by a link, which counts once. */
export async function spend_link(link: string, code: string): Promise<void> {
  await request('POST', '/v1/session', json({ link, ...(code && { code }) }));
}

export async function sign_out(): Promise<void> {
  await request('DELETE', '/v1/session');
}

export async function change_password(former: string, wanted: string): Promise<void> {
  await request('PUT', '/v1/password', json({ old: former, new: wanted }));
}

export async function second_factor(): Promise<SecondFactor> {
  return (await request('GET', '/v1/totp')).json() as Promise<SecondFactor>;
}

export async function propose_second_factor(): Promise<NewSecret> {
  return (await request('POST', '/v1/totp')).json() as Promise<NewSecret>;
}

/** @returns the recovery codes, which are shown this once. */
export async function turn_second_factor_on(secret: string, code: string): Promise<string[]> {
  const answer = await request('PUT', '/v1/totp', json({ secret, code }));
  return (await answer.json() as { recovery_codes: string[] }).recovery_codes;
}

export async function turn_second_factor_off(code: string): Promise<void> {
  await request('POST', '/v1/totp/disable', json({ code }));
}

export const devices = (): Promise<Device[]> => items('/v1/sessions');

export async function end_device(id: string): Promise<void> {
  await request('DELETE', at('sessions', id));
}

export const tokens = (): Promise<Token[]> => items('/v1/tokens');

export interface WantedToken {
  name: string;
  scopes: Scope[];
  /** Null: it does not end by itself. */
  expires_at: string | null;
}

export async function make_token(wanted: WantedToken): Promise<MadeToken> {
  return (await request('POST', '/v1/tokens', json(wanted))).json() as Promise<MadeToken>;
}

export async function end_token(id: string): Promise<void> {
  await request('DELETE', at('tokens', id));
}

export const shares = (): Promise<Share[]> => items('/v1/shares');

export interface WantedShare {
  name: string;
  allow: Allow;
  files?: string[];
  originals?: boolean;
  expires_at: string | null;
  password: string;
  limits?: { files: number | null; bytes: number | null };
}

export async function make_share(wanted: WantedShare): Promise<MadeShare> {
  return (await request('POST', '/v1/shares', json(wanted))).json() as Promise<MadeShare>;
}

export async function end_share(id: string): Promise<void> {
  await request('DELETE', at('shares', id));
}

export const users = (): Promise<User[]> => items('/v1/users');

export interface WantedUser {
  name: string;
  password: string;
  role: Role;
  quota: number | null;
}

export async function make_user(wanted: WantedUser): Promise<User> {
  return (await request('POST', '/v1/users', json(wanted))).json() as Promise<User>;
}

/** What can be changed of a user; what is left out stays as it is. */
export type UserChange = Partial<Omit<WantedUser, 'name'> & { disabled: boolean }>;

export async function change_user(id: string, change: UserChange): Promise<User> {
  return (await request('PATCH', at('users', id), json(change))).json() as Promise<User>;
}

/** @returns the address of a link by which the user signs in once; shown this once. */
export async function make_link(id: string): Promise<string> {
  return (await (await request('POST', `${at('users', id)}/link`)).json() as { url: string }).url;
}

/** @param heir  id of the user who gets the files; null: they are deleted. */
export async function remove_user(id: string, heir: string | null): Promise<void> {
  const query = new URLSearchParams(heir === null ? { files: 'delete' } : { files: 'hand-over', to: heir });
  await request('DELETE', `${at('users', id)}?${query}`);
}

const audit_page = 20;

/** What people have done, the newest first, behind `cursor` (null: the newest of all). */
export async function audit(cursor: string | null): Promise<Audit> {
  const query = new URLSearchParams({ limit: String(audit_page), ...(cursor === null ? {} : { cursor }) });
  return (await request('GET', `/v1/audit?${query}`)).json() as Promise<Audit>;
}
