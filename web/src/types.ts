// What the server says. docs/openapi.json and docs/asyncapi.json are the source of these shapes.

export type Profile = 'image' | 'video' | 'audio' | 'document' | 'other';
export type Status = 'receiving' | 'registered' | 'processing' | 'ready' | 'failed' | 'cancelled';
export type Stage = 'preview' | 'renditions' | 'compress' | 'screenshots' | 'pages' | 'text' | 'archive';

export interface Preview {
  url: string;
  media_type: string;
  width: number;
  height: number;
  thumbhash: string;
}

export interface Rendition {
  name: string;
  url: string;
  media_type: string;
  width?: number;
  height?: number;
  bytes: number;
}

export interface Archive {
  url: string;
  bytes: number;
}

/** What a profile knows of its content: width, height, duration, pages … */
export type Facts = Readonly<Record<string, unknown>>;

export interface FileRecord {
  id: string;
  name: string;
  profile: Profile;
  media_type: string;
  bytes: number;
  status: Status;
  stage: Stage | null;
  /** 0..1 over the whole processing; while receiving, of the bytes, as far as this page has heard. */
  progress: number;
  preview: Preview | null;
  media: Facts;
  renditions: Rendition[];
  archive: Archive | null;
  failure: { code: string; message: string } | null;
  links: { self: string; content: string; events: string };
  created_at: string;
  updated_at: string;
}

export interface Page {
  files: FileRecord[];
  cursor: string | null;
}

export type Role = 'admin' | 'member';
export type Scope = 'upload' | 'read' | 'write' | 'delete' | 'share' | 'admin';

/** Who asks. */
export interface Who {
  user: { id: string; name: string; display_name: string; role: Role };
  /** False while no user of this server has a password, so that every caller is its one user. */
  signed_in: boolean;
  scopes: Scope[];
  quota: { used: number; limit: number | null };
}

/** A browser that is signed in. */
export interface Device {
  id: string;
  created_at: string;
  used_at: string | null;
  expires_at: string | null;
  address: string;
  agent: string;
  /** The browser that asks. */
  current: boolean;
}

/** What a person shows beside the password. */
export interface SecondFactor {
  /** Null: the password is enough. */
  enabled_at: string | null;
  /** How many are left. */
  recovery_codes: number;
  /** The server asks admins for one. */
  needed: boolean;
}

/** What an authenticator makes codes of. */
export interface NewSecret {
  secret: string;
  uri: string;
}

/** What a program shows instead of a password. */
export interface Token {
  id: string;
  name: string;
  scopes: Scope[];
  created_at: string;
  used_at: string | null;
  expires_at: string | null;
}

/** A new token, with the text that the server shows this once. */
export interface MadeToken extends Pick<Token, 'id' | 'name' | 'scopes' | 'expires_at'> {
  token: string;
}

export type Allow = 'view' | 'download' | 'upload';

/** A link for people without an account. */
export interface Share {
  id: string;
  name: string;
  allow: Allow;
  files: string[];
  originals: boolean;
  has_password: boolean;
  expires_at: string | null;
  /** False: nobody gets in by it any more. */
  is_open: boolean;
  uses: number;
  sent: { files: number; bytes: number } | null;
}

/** A new one, with the link that nobody sees again. */
export interface MadeShare extends Share {
  url: string;
}

/** A person, as admins see one. */
export interface User {
  id: string;
  name: string;
  display_name: string;
  role: Role;
  created_at: string;
  disabled_at: string | null;
  can_sign_in: boolean;
  /** Signing in asks for a code, too. */
  second_factor: boolean;
  /** Bytes; null: as the server is set. */
  quota: number | null;
  used: number;
}

/** Something that somebody did, as admins see it. */
export interface Noted {
  id: string;
  at: string;
  /** `token.made`; a newer server may have others. */
  act: string;
  /** Null: nobody who is known. */
  user: { id: string; name: string } | null;
  /** Null: on the machine itself. */
  address: string | null;
  /** What it was done to: a name, or an id. */
  about: string | null;
  /** How often, up to `at`. */
  count: number;
}

export interface Audit {
  items: Noted[];
  cursor: string | null;
}

export interface Hello { type: 'hello'; seq: number; oldest: number }
export interface Gap { type: 'gap' }
export type FileEventType = 'file.registered' | 'file.processing' | 'file.preview' | 'file.ready'
  | 'file.failed' | 'file.cancelled' | 'file.updated' | 'file.trashed'
  | 'file.restored' | 'file.deleted';
export interface FileEvent { type: FileEventType; seq: number; file: FileRecord }
export interface FileProgress { type: 'file.progress'; id: string; stage: Stage; progress: number }
export interface UploadProgress { type: 'upload.progress'; id: string; bytes: number; total: number | null }
export interface Notice { type: 'notice'; seq: number; message: string }

/** A stored event this page does not know: only its number counts. */
export interface Unknown { type: 'unknown'; seq: number }

export type Frame = Hello | Gap | FileEvent | FileProgress | UploadProgress | Notice | Unknown;

export const is_terminal = (status: Status): boolean =>
  status === 'ready' || status === 'failed' || status === 'cancelled';
