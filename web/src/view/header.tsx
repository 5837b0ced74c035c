import type { ComponentChildren, JSX } from 'preact';
import type { Connection } from '../state.ts';

const words: Record<Connection, string> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Offline, reconnecting',
};

export function Brand(): JSX.Element {
  return <h1 class="brand"><img src="/icon.svg" alt="" width="28" height="28" />mediad</h1>;
}

interface Props {
  connection: Connection;
  /** What stands at the end of the line. */
  children?: ComponentChildren;
}

export function Header({ connection, children }: Props): JSX.Element {
  return (
    <header class="header">
      <Brand />
      <p class={`connection is-${connection}`} title="The live connection to the server">
        <span class="connection-dot" aria-hidden="true" />{words[connection]}
      </p>
      {children}
    </header>
  );
}
