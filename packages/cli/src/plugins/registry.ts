import type { AuthEntry, SinkEntry } from "@decant/core";

/** A sink or provider, and the plugin that it comes from. */
export interface Provided<Entry> {
  readonly name: string;
  readonly entry: Entry;
  /** The package name of the plugin. */
  readonly plugin: string;
  /** Whether it comes with the program. */
  readonly builtIn: boolean;
  readonly version: string;
  /** The plugin's folder. */
  readonly root: string;
}

/** All that the installed plugins give. */
export interface Registry {
  readonly sinks: ReadonlyMap<string, Provided<SinkEntry>>;
  readonly auth: ReadonlyMap<string, Provided<AuthEntry>>;
  /** By `sink NAME` or `auth NAME`: the plugins that all give it, so that none can be chosen. */
  readonly conflicts: ReadonlyMap<string, readonly string[]>;
  /** One line for each plugin, or part of one, that was left out. */
  readonly problems: readonly string[];
}
