// Hearth's own Ollama: fetched, verified, unpacked, tried out, removed.
import type { InstallStatus, ReleaseChoice } from '../../../contract/engine.ts';

export interface Installer {
  status(): InstallStatus;
  /** At every change; progress a few times a second at most. Returns how to stop listening. */
  onChange(listener: (status: InstallStatus) => void): () => void;
  /** Begins, or goes on with what has arrived. Rejects only with what is known at once (`install_unsupported`). */
  start(release: ReleaseChoice): InstallStatus;
  pause(): Promise<InstallStatus>;
  discard(): Promise<InstallStatus>;
  /** Rejects with `install_in_use` while it answers a question. */
  remove(): Promise<InstallStatus>;
  /** The executable of the installed version; null when there is none. Cheap: asked at every look for an Ollama. */
  program(): string | null;
  /**
   * Removes what interrupted installations left behind, and old versions that were still running when a new one came.
   * For the Hearth that has the data folder to itself, once at its start; nothing happens while work is under way.
   */
  tidy(): Promise<void>;
  /** Stops the work and keeps what has arrived. Idempotent, bounded in time. */
  stop(): Promise<void>;
}
