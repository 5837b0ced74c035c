import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { role_names } from '../../people_words.ts';
import type { Role } from '../../types.ts';

export function RoleField({ role }: { role: Role }): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>Role</label>
      <select id={id} class="field-input" name="role">
        {(Object.keys(role_names) as Role[]).map((one) => <option key={one} value={one} selected={one === role}>{role_names[one]}</option>)}
      </select>
    </div>
  );
}
