import type { JSX } from 'preact';
import type { Who } from '../../types.ts';
import { Icon } from '../icons.tsx';

export const shown_name = ({ name, display_name }: { name: string; display_name: string }): string => display_name || name;

/** Leads to the account. */
export function AccountButton({ who, open }: { who: Who; open: () => void }): JSX.Element {
  const name = shown_name(who.user);
  return (
    <button type="button" class="account-button" aria-haspopup="dialog" aria-label={`Account of ${name}`} title="Account" onClick={open}>
      <Icon name="person" size={18} /><span class="account-name">{name}</span>
    </button>
  );
}
