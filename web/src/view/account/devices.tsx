import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import * as people from '../../people.ts';
import { device_name, last_used } from '../../people_words.ts';
import type { Device } from '../../types.ts';
import { Outcome, use_doing } from '../form.tsx';
import { ListState, use_list } from './list.tsx';

/** The browsers where the person is signed in. */
export function Devices({ leave }: { leave: () => Promise<void> }): JSX.Element {
  const list = use_list(people.devices);
  const doing = use_doing();
  // The button goes with its row: the focus stays in the part.
  const heading = useRef<HTMLHeadingElement>(null);
  const end = ({ id, current }: Device): void => {
    if (current) void leave();
    else void doing.run(() => people.end_device(id).then(list.reload).then(() => heading.current?.focus()), 'The device is signed out.');
  };
  return (
    <section class="account-part" aria-label="Devices">
      <h3 ref={heading} tabIndex={-1}>Devices</h3>
      <ListState list={list} empty="" />
      <ul class="things">
        {list.items?.map((device) => <DeviceRow key={device.id} device={device} end={() => end(device)} busy={doing.busy} />)}
      </ul>
      <Outcome doing={doing} />
    </section>
  );
}

function DeviceRow({ device, end, busy }: { device: Device; end: () => void; busy: boolean }): JSX.Element {
  const name = device_name(device.agent);
  const notes = [device.address, last_used(device.used_at)].filter(Boolean);
  return (
    <li class="thing">
      <div class="thing-text">
        <p class="thing-name">{name}{device.current && <span class="mark">This device</span>}</p>
        <p class="thing-notes">{notes.join(' · ')}</p>
      </div>
      <button type="button" class="button is-small" aria-disabled={busy} aria-label={`Sign out ${device.current ? 'this device' : name}`} onClick={end}>Sign out</button>
    </li>
  );
}
