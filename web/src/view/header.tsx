import type { JSX } from 'preact';
import type { Connection } from '../state.ts';

const words: Record<Connection, string> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Offline, reconnecting',
};

export function Header({ connection }: { connection: Connection }): JSX.Element {
  return (
    <header class="header">
      <h1 class="brand"><img src="/icon.svg" alt="" width="28" height="28" />mediad</h1>
      <p class={`connection is-${connection}`} title="The live connection to the server">
        <span class="connection-dot" aria-hidden="true" />{words[connection]}
      </p>
    </header>
  );
}
