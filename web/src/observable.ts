// A value that tells when it changes.
import { useEffect, useState } from 'preact/hooks';

export interface Observable<T> {
  get: () => T;
  set: (value: T) => void;
  subscribe: (listener: () => void) => () => void;
}

export function observable<T>(value: T): Observable<T> {
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
  };
}

/** The value, in a component that is drawn again when it changes. */
export function use_value<T>(source: Observable<T>): T {
  const [value, set_value] = useState(source.get);
  useEffect(() => {
    set_value(() => source.get());
    return source.subscribe(() => set_value(() => source.get()));
  }, [source]);
  return value;
}
