import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Refusal } from '../../api.ts';
import { Field } from '../form.tsx';

export interface Asking {
  /** A code is asked for beside what is there. */
  needed: boolean;
  /** Does something that may be refused because a code is missing. */
  ask: (act: () => Promise<void>) => Promise<void>;
}

export function use_code(): Asking {
  const [needed, set_needed] = useState(false);
  const ask = async (act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      if (error instanceof Refusal && error.code === 'code_needed') set_needed(true);
      throw error;
    }
  };
  return { needed, ask };
}

interface Props {
  hint?: string;
  focused?: boolean;
}

/** The code of an authenticator, or one of those on paper. */
export function CodeField({ hint = 'Of your authenticator, or a recovery code.', focused = true }: Props): JSX.Element {
  return <Field label="Code" name="code" autocomplete="one-time-code" hint={hint} max_length={40} required focused={focused} />;
}
