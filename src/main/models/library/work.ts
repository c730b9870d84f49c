// Long work on files: how far each is, and how it is cancelled.
import { randomUUID } from 'node:crypto';
import type { FileWork } from '../../../contract/models.ts';
import { toErrorInfo } from '../../errors/index.ts';

export interface Progress {
  /** Ends the work when it aborts. */
  signal: AbortSignal;
  /** A step with so many bytes to go through. */
  step(step: FileWork['step'], totalBytes?: number): void;
  /** Bytes of this step that are done. */
  done: (bytes: number) => void;
}

export interface Works {
  list(): FileWork[];
  /** @param run rejects with why it failed; it has undone what it did by then */
  begin(about: Pick<FileWork, 'kind' | 'subject'>, run: (progress: Progress) => Promise<void>): { id: string };
  /** Resolves when it has ended and undone what it did; forgets one that failed. */
  cancel(id: string): Promise<void>;
  stop(): Promise<void>;
}

interface Running {
  work: FileWork;
  life: AbortController;
  ended: Promise<void>;
}

export function createWorks({ onChange }: { onChange: () => void }): Works {
  const works = new Map<string, Running>();

  function begin(about: Pick<FileWork, 'kind' | 'subject'>, run: (progress: Progress) => Promise<void>) {
    const id = randomUUID();
    const life = new AbortController();
    const work: FileWork = { id, ...about, step: 'checking', doneBytes: 0, totalBytes: 0, problem: null };
    const progress: Progress = {
      signal: life.signal,
      step(step, totalBytes = 0) {
        Object.assign(work, { step, doneBytes: 0, totalBytes });
        onChange();
      },
      done(bytes) {
        work.doneBytes = Math.min(bytes, work.totalBytes);
        onChange();
      },
    };
    const ended = run(progress).then(
      () => void works.delete(id),
      (error: unknown) => {
        if (life.signal.aborted) works.delete(id);
        else work.problem = toErrorInfo(error);
      },
    );
    works.set(id, { work, life, ended: ended.finally(onChange) });
    onChange();
    return { id };
  }

  async function cancel(id: string): Promise<void> {
    const running = works.get(id);
    if (running === undefined) return;
    running.life.abort(new DOMException('cancelled', 'AbortError'));
    await running.ended;
    works.delete(id);
    onChange();
  }

  return {
    list: () => [...works.values()].map(({ work }) => ({ ...work })),
    begin,
    cancel,
    async stop() {
      const ends = [...works.values()].map(({ life, ended }) => {
        life.abort(new DOMException('cancelled', 'AbortError'));
        return ended;
      });
      await Promise.all(ends);
    },
  };
}
