import { Component, type ComponentType, createElement, type JSX } from 'preact';

/** A component that is drawn again only when `changed` says so: one progress event, one card. */
export function memo<P extends object>(view: (props: P) => JSX.Element, changed: (before: P, after: P) => boolean): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(after: P): boolean {
      return changed(this.props as P, after);
    }
    render(): JSX.Element {
      return createElement(view as ComponentType<P>, this.props as P);
    }
  };
}
