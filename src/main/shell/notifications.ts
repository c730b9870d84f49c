// Tells by the system's own notifications when a model has come, or needs the user, while nobody looks at a window.
import type { Download } from '../../contract/downloads.ts';
import type { Downloads } from '../models/index.ts';
import type { Services } from '../services.ts';
import { text } from '../words/index.ts';

export interface Notice {
  title: string;
  body: string;
}

/** What is used of Electron's Notification. */
export interface SystemNotice {
  show(): void;
  on(event: 'click', listener: () => void): unknown;
  on(event: 'close', listener: () => void): unknown;
}

export interface NotificationOptions {
  isWindowFocused: () => boolean;
  create: (notice: Notice) => SystemNotice;
  onClick: () => void;
}

/** Follows the downloads of every history that is opened, for the life of the program. */
export function notifyOfDownloads(
  { app, settings, history, log }: Pick<Services, 'app' | 'settings' | 'history' | 'log'>,
  { isWindowFocused, create, onClick }: NotificationOptions,
): void {
  // Held until they are gone: a notification that is collected hears no click.
  const shown = new Set<SystemNotice>();
  const followed = new WeakSet<Downloads>();

  function tell(download: Download): void {
    if (!settings.get().downloads.notify || isWindowFocused()) return;
    const notice = create(noticeOf(download));
    shown.add(notice);
    notice.on('click', () => {
      shown.delete(notice);
      onClick();
    });
    notice.on('close', () => shown.delete(notice));
    notice.show();
  }

  async function follow(): Promise<void> {
    try {
      const { downloads } = await history();
      if (followed.has(downloads)) return;
      followed.add(downloads);
      downloads.onSettled(tell);
    } catch (error) {
      log.warn('Downloads cannot be followed for notifications', { error });
    }
  }

  app.onChange(({ phase }) => {
    if (phase === 'ready') void follow();
  });
}

function noticeOf({ model, state, problem }: Download): Notice {
  if (state === 'done')
    return { title: text('desktop:download.done.title', { model }), body: text('desktop:download.done.body') };
  return { title: text('desktop:download.failed.title', { model }), body: problem?.message ?? '' };
}
